/**
 * Without arguments the script loads. It swaps if its arguments are version, value, milliseconds to live, channel and
 * the expected version. The last one is left out if there must be no record. The clock is the server's. A script may
 * write after TIME only since Redis 5, which replicates the effects of a script and not the script.
 *
 * HDEL of no field changes nothing, but makes a load a write. So clients do not send it to a replica, and a replica
 * that gets it refuses, instead of giving an old record.
 * A client that sent a swap twice, after a broken connection, gets a true answer: the version is there, so it swapped.
 * PUBLISH may fail if the user may not use channels. It is only a hint, and the swap counts. Its channel is the
 * caller's key, because a client that adds a prefix to keys adds none to channels.
 * "=" keeps @upstash/redis from parsing a value that looks like JSON.
 */
export const SCRIPT = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'version', 'value')
if #ARGV == 0 then
  redis.call('HDEL', KEYS[1], '')
  return { now, held[1] and '=' .. held[1], held[2] and '=' .. held[2] }
end
if held[1] ~= ARGV[1] then
  if (held[1] or nil) ~= ARGV[5] then return { now, 0 } end
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.pcall('PUBLISH', ARGV[4], '')
end
return { now, 1 }`;

/** The script's SHA-1. The server knows the script by it after its first run. */
export const DIGEST = "41aa5ccf00f14749f1550bbd9da54bc69dc2695d";
