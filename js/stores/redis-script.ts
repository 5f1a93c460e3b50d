/**
 * Without arguments it loads; with version, value, milliseconds to live, channel and, unless there must be no record,
 * the expected version, it swaps. The clock is the server's. Writing after TIME needs Redis 5, which replicates what a
 * script did, not the script.
 *
 * HDEL of no field changes nothing, but makes a load a write: no client sends it to a replica by itself, and a replica
 * that is asked in spite of that refuses, and does not give an old record.
 * A client that sent a swap twice, after a broken connection, is told the truth: the version is there, so it swapped.
 * PUBLISH may fail, where the user has no channels: it is a hint, and the swap stands. Its channel is the caller's key,
 * since a client that adds a prefix to keys adds none to channels.
 * "=" keeps @upstash/redis from reading what looks like JSON.
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

/** The script's SHA-1, by which the server knows it once it has seen it. */
export const DIGEST = "41aa5ccf00f14749f1550bbd9da54bc69dc2695d";
