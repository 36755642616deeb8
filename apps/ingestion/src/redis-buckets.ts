import { createHash } from 'node:crypto';
import type { Wanted } from './local-buckets.js';

// Redis's own clock is the one clock of all replicas. Takes one token of each bucket, or none of any.
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait, left = 0, {}
for i, key in ipairs(KEYS) do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local bucket = redis.call('HMGET', key, 'tokens', 'at')
  local tokens, at = tonumber(bucket[1]) or burst, tonumber(bucket[2]) or now
  left[i] = math.min(burst, tokens + math.max(0, now - at) / 1000 * rate)
  wait = math.max(wait, (1 - left[i]) / rate * 1000)
end
if wait > 0 then return math.ceil(wait) end
for i, key in ipairs(KEYS) do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  redis.call('HSET', key, 'tokens', left[i] - 1, 'at', now)
  redis.call('PEXPIRE', key, math.ceil(burst / rate * 1000) + 1000)
end
return 0`;
const sha = createHash('sha1').update(script).digest('hex');

/** What is used of ioredis. */
export interface ScriptRunner {
  evalsha(sha: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
}

/** Token buckets that all replicas share. */
export class RedisBuckets {
  constructor(private readonly redis: ScriptRunner) {}

  /**
   * Like LocalBuckets.take, in one round trip.
   * @param group stands in the keys' hash tag: the buckets of one call lie on one node of a cluster.
   */
  async take(group: string, wanted: readonly Wanted[]): Promise<number> {
    const args = [
      ...wanted.map(({ key }) => `clawdesk:rate:{${group}}:${key}`),
      ...wanted.flatMap(({ perSecond, burst }) => [perSecond, burst]),
    ];
    return Number(await this.run(wanted.length, args));
  }

  private async run(keys: number, args: (string | number)[]): Promise<unknown> {
    try {
      return await this.redis.evalsha(sha, keys, ...args);
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return this.redis.eval(script, keys, ...args);
    }
  }
}
