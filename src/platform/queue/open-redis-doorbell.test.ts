import { expect, test } from 'vitest';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { openRedisDoorbell, refuseEviction } from './open-redis-doorbell.ts';

test('a Redis that may evict is refused, by the name of its policy', () => {
  expect(() => refuseEviction('used_memory:1\r\nmaxmemory_policy:allkeys-lru\r\n')).toThrow('allkeys-lru');
  expect(() => refuseEviction('used_memory:1\r\n')).toThrow('unknown');
  expect(() => refuseEviction('used_memory:1\r\nmaxmemory_policy:noeviction\r\n')).not.toThrow();
});

test('a Redis that is away makes the start fail instead of hang', async () => {
  await expect(openRedisDoorbell('redis://127.0.0.1:1', 'lanes', quietLog)).rejects.toThrow();
});
