import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { sayWhen } from './say-when.ts';
import { zh } from './zh.ts';

describe('the dictionaries', () => {
  it('have the same keys in the same order', () => {
    expect(Object.keys(zh)).toEqual(Object.keys(en));
  });

  it('name the sections as people search for them', () => {
    expect([en.orders, en.stock, en.lanes, en.health]).toEqual(['Orders', 'Stock', 'Lanes', 'Health']);
    expect([zh.orders, zh.stock, zh.lanes, zh.health]).toEqual(['订单', '库存', '通道任务', '健康']);
  });
});

describe('times', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const at = (ms: number): Date => new Date(now.getTime() + ms);

  it('are told in the largest whole unit, back and ahead', () => {
    expect(sayWhen(at(-3_000), now, en)).toBe('3 s ago');
    expect(sayWhen(at(-119_000), now, en)).toBe('1 min ago');
    expect(sayWhen(at(-7_200_000), now, zh)).toBe('2 小时前');
    expect(sayWhen(at(30_000), now, en)).toBe('in 30 s');
    expect(sayWhen(at(61_000), now, zh)).toBe('2 分钟后');
    expect(sayWhen(now, now, zh)).toBe('刚刚');
  });
});
