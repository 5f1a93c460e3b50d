/**
 * Without arguments the script loads the record. With arguments it swaps. They are: version, value, milliseconds to
 * live, channel, and the expected version. The expected version is left out if there must be no record. The clock is
 * the server's. A script may write after TIME only since Redis 5, which replicates the effects of a script and not the
 * script.
 *
 * Clients send a script to the primary, whatever it does. A replica that gets a load anyway must answer with an error
 * instead of an old record. So a load calls HDEL, which is a write. No record has the field that it names.
 * A client may send a swap twice, after a broken connection. Then the version is there already, and the answer says
 * that it swapped. PUBLISH fails if the user may not use channels. It is only a hint, so the swap counts anyway. Its
 * channel is the caller's key, because a client that adds a prefix to keys adds none to channels. "=" keeps
 * @upstash/redis from parsing a value that looks like JSON.
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

/** The script's SHA-1. After the first run the server finds the script by it. */
export const DIGEST = "41aa5ccf00f14749f1550bbd9da54bc69dc2695d";
