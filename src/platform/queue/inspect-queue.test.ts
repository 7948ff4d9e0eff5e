import { expect, test } from 'vitest';
import { readInfo } from './inspect-queue.ts';

test('what INFO says of a Redis is read, and what it leaves out is not made up', () => {
  const info = [
    '# Server',
    'redis_version:7.0.15',
    '# Memory',
    'used_memory:1048576',
    'used_memory_human:1.00M',
    'maxmemory:0',
    'maxmemory_human:0B',
    'maxmemory_policy:noeviction',
    '# Persistence',
    'aof_enabled:1',
  ].join('\r\n');
  expect(readInfo(info)).toEqual({
    version: '7.0.15',
    policy: 'noeviction',
    memoryBytes: 1_048_576,
    memoryMaxBytes: 0,
    hasAof: true,
  });
  expect(readInfo('')).toMatchObject({ policy: 'unknown', hasAof: false });
});
