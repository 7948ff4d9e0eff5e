import { expect, test } from 'vitest';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { openRedisDoorbell, refuseEviction, refuseOldRedis } from './open-redis-doorbell.ts';

test('a Redis that may evict is refused, by the name of its policy', () => {
  expect(() => refuseEviction('used_memory:1\r\nmaxmemory_policy:allkeys-lru\r\n')).toThrow('allkeys-lru');
  expect(() => refuseEviction('used_memory:1\r\n')).toThrow('unknown');
  expect(() => refuseEviction('used_memory:1\r\nmaxmemory_policy:noeviction\r\n')).not.toThrow();
});

test('a Redis that is away makes the start fail instead of hang', async () => {
  await expect(
    openRedisDoorbell({ redisUrl: 'redis://127.0.0.1:1', deployment: 'wharf', name: 'lanes', log: quietLog }),
  ).rejects.toThrow();
});

test('a Redis before 6.2 is refused, by its version', () => {
  expect(() => refuseOldRedis('redis_version:6.0.16\r\n')).toThrow('6.0.16');
  expect(() => refuseOldRedis('redis_version:5.9.9\r\n')).toThrow('5.9.9');
  expect(() => refuseOldRedis('nothing\r\n')).toThrow('unknown');
  for (const version of ['6.2.0', '7.0.15', '10.0.1']) {
    expect(() => refuseOldRedis(`redis_version:${version}\r\n`)).not.toThrow();
  }
});
