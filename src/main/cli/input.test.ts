import { describe, expect, it } from 'vitest';
import { Fault } from '../../kernel/index.ts';
import { parseAmount, parseChoice, parseCount, parsePair, parseRanked, parseTime, parseWhole } from './input.ts';

function fieldOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return error instanceof Fault ? error.fields[0]?.path : String(error);
  }
  return undefined;
}

describe('words of the command line', () => {
  it('a pair ends its key at the first equals sign', () => {
    expect(parsePair('token=a=b=', '--set')).toEqual(['token', 'a=b=']);
    expect(fieldOf(() => parsePair('=x', '--set'))).toBe('--set');
    expect(fieldOf(() => parsePair('x', '--set'))).toBe('--set');
  });

  it('a warehouse has the rank given, else its place', () => {
    expect(parseRanked('HARBOUR', 2, '--warehouse')).toEqual({ code: 'HARBOUR', rank: 2 });
    expect(parseRanked('HARBOUR:7', 2, '--warehouse')).toEqual({ code: 'HARBOUR', rank: 7 });
    expect(parseRanked('A:B', 0, '--warehouse')).toEqual({ code: 'A:B', rank: 0 });
    expect(fieldOf(() => parseRanked(' ', 0, '--warehouse'))).toBe('--warehouse');
  });

  it('units are whole, and counts at least one', () => {
    expect(parseCount('12', '--quantity')).toBe(12);
    expect(parseWhole('-3', '--delta')).toBe(-3);
    expect(parseWhole('+3', '--delta')).toBe(3);
    for (const bad of ['0', '-1', '1.5', '1e3', '', '9999999999']) {
      expect(fieldOf(() => parseCount(bad, '--quantity'))).toBe('--quantity');
    }
  });

  it('an amount in major units becomes minor units of its currency, and nothing is rounded away', () => {
    expect(parseAmount('12.34', 'EUR')).toBe(1234);
    expect(parseAmount('12.340', 'EUR')).toBe(1234);
    expect(parseAmount('1200', 'JPY')).toBe(1200);
    expect(parseAmount('1.234', 'KWD')).toBe(1234);
    expect(fieldOf(() => parseAmount('12.345', 'EUR'))).toBe('--amount');
    expect(fieldOf(() => parseAmount('1200.5', 'JPY'))).toBe('--amount');
    expect(fieldOf(() => parseAmount('twelve', 'EUR'))).toBe('amount');
  });

  it('a time is a day or an instant with its offset, so that nobody guesses a zone', () => {
    expect(parseTime('2026-11-01', '--since').toISOString()).toBe('2026-11-01T00:00:00.000Z');
    expect(parseTime('2026-11-01T10:00:00+08:00', '--since').toISOString()).toBe('2026-11-01T02:00:00.000Z');
    for (const bad of ['2026-11-01T10:00:00', 'yesterday', '2026-13-01', '1']) {
      expect(fieldOf(() => parseTime(bad, '--since'))).toBe('--since');
    }
  });

  it('a choice is one of the words there are', () => {
    expect(parseChoice('on', ['on', 'off'], 'on|off')).toBe('on');
    expect(() => parseChoice('On', ['on', 'off'], 'on|off')).toThrow('on, off');
  });
});
