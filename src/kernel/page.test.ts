import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, toPage, type Page } from './page.ts';

const key = fc.array(fc.option(fc.string({ unit: 'binary' }), { nil: null }), { minLength: 1, maxLength: 4 });
const refusal = expect.objectContaining({
  name: 'Fault',
  kind: 'invalid',
  code: 'page.bad_cursor',
  fields: [expect.objectContaining({ path: 'after' })],
});

test('a cursor survives the way through a URL, and any text in it too', () => {
  const property = fc.property(key, (parts) => {
    const cursor = encodeCursor(parts);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(cursor, parts.length)).toEqual(parts);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('a cursor of another list is refused', () => {
  const property = fc.property(key, fc.nat(6), (parts, length) => {
    fc.pre(length !== parts.length);
    expect(() => decodeCursor(encodeCursor(parts), length)).toThrow(refusal);
  });
  fc.assert(property, { numRuns: 500 });
});

test('garbage is refused with a Fault, whatever it is', () => {
  const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
  const property = fc.property(fc.oneof(fc.string(), fc.base64String(), json), (cursor) => {
    expect(() => decodeCursor(cursor, 9)).toThrow(refusal);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test.each(['', '[]', '[1]', '{"length":1}', '["a",{}]', 'null'])(
  'the decoded text %j is no key of one part',
  (text) => {
    expect(() => decodeCursor(Buffer.from(text).toString('base64url'), 1)).toThrow(refusal);
  },
);

test('pages of any size show every row once, in order, and end', () => {
  const rows = fc.uniqueArray(fc.string(), { maxLength: 40 }).map((texts) => texts.toSorted());
  const property = fc.property(rows, fc.integer({ min: 1, max: 10 }), (all, limit) => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page <= all.length; page += 1) {
      const last: string | null = after === null ? null : (decodeCursor(after, 1)[0] ?? null);
      const fetched: string[] = all.filter((row) => last === null || row > last).slice(0, limit + 1);
      const found: Page<string> = toPage(fetched, limit, (row) => [row]);
      expect(found.items.length).toBeLessThanOrEqual(limit);
      expect(found.next === null).toBe(fetched.length <= limit);
      seen.push(...found.items);
      after = found.next;
      if (after === null) break;
    }
    expect(after).toBeNull();
    expect(seen).toEqual(all);
  });
  fc.assert(property, { numRuns: 500 });
});
