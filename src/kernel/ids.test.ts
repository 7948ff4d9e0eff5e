import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { compareBytes, isId, newId, parseId, seedIds } from './ids.ts';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const toBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** A module of its own, whose last millisecond is untouched by other tests. */
async function freshNewId(): Promise<typeof newId> {
  vi.resetModules();
  return (await import('./ids.ts')).newId;
}

test('an id is a lower-case UUID of version 7 and variant 2', () => {
  for (let at = 0; at < 1_000; at += 1) expect(newId()).toMatch(uuidV7);
});

test('an id begins with its millisecond', async () => {
  const make = await freshNewId();
  expect(make(0x0123_4567_89ab)).toMatch(/^01234567-89ab-7/);
});

test('ids of one process ascend, as text and as bytes alike, even when more are made than a millisecond holds', async () => {
  const make = await freshNewId();
  const ids = Array.from({ length: 10_000 }, () => make(1_700_000_000_000));
  for (const [at, id] of ids.entries()) {
    const before = ids[at - 1];
    if (before === undefined) continue;
    expect(before < id).toBe(true);
    expect(Buffer.compare(toBytes(before), toBytes(id))).toBe(-1);
    expect(compareBytes(before, id)).toBe(-1);
  }
  expect(new Set(ids).size).toBe(ids.length);
});

test('ids ascend whatever the clock does', async () => {
  const times = fc.array(fc.integer({ min: 1_600_000_000_000, max: 1_600_000_000_050 }), {
    minLength: 2,
    maxLength: 200,
  });
  const make = await freshNewId();
  let last = '';
  const property = fc.property(times, (clock) => {
    for (const nowMs of clock) {
      const id: string = make(nowMs);
      expect(id > last).toBe(true);
      expect(id).toMatch(uuidV7);
      last = id;
    }
  });
  fc.assert(property, { numRuns: 200 });
});

test('text and bytes of any two ids sort alike', () => {
  const property = fc.property(fc.uuid(), fc.uuid(), (a, b) => {
    const asText = a === b ? 0 : a < b ? -1 : 1;
    expect(Buffer.compare(toBytes(a), toBytes(b))).toBe(asText);
    expect(compareBytes(a, b)).toBe(asText);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('text keys compare by bytes where UTF-16 units would sort them the other way', () => {
  const keys = ['\uFFFD', '\u{1F600}'];
  expect(keys.toSorted()).toEqual(['\u{1F600}', '\uFFFD']);
  expect(keys.toSorted(compareBytes)).toEqual(['\uFFFD', '\u{1F600}']);
});

test('an id from outside is read in either case and returned in lower case', () => {
  const property = fc.property(fc.uuid(), (id) => {
    expect(parseId(id.toUpperCase(), 'sku_id')).toBe(id);
    expect(isId(id)).toBe(true);
  });
  fc.assert(property, { numRuns: 500 });
});

test.each([
  '',
  'x',
  '018f4d3e-0000-7000-8000-00000000000',
  ' 018f4d3e-0000-7000-8000-000000000000',
  '018f4d3e00007000800000000000000000',
])('%j is refused and the field is named', (text) => {
  expect(isId(text)).toBe(false);
  expect(() => parseId(text, 'lines.0.sku_id')).toThrow(
    expect.objectContaining({
      kind: 'invalid',
      fields: [{ path: 'lines.0.sku_id', code: 'id.malformed', message: 'is not an id' }],
    }),
  );
});

test('seeded ids are the same for the same seed, and the machine makes them again afterwards', () => {
  const idsOf = (seed: number): string[] => {
    const undo = seedIds({ nowMs: () => 1_000, fill: (bytes) => void bytes.fill(seed) });
    const ids = [newId(), newId()];
    undo();
    return ids;
  };
  expect(idsOf(1)).toEqual(idsOf(1));
  expect(idsOf(1)).not.toEqual(idsOf(2));
  expect(newId()).not.toBe(newId());
});
