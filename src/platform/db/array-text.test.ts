import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatArray, parseArray } from './array-text.ts';

test('what is written as an array is read back as it was', () => {
  const element = fc.option(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('NULL', 'null', '', '{}', '\\', '"', ',')),
  );
  fc.assert(
    fc.property(fc.array(element), (elements) => {
      expect(parseArray(formatArray(elements))).toEqual(elements);
    }),
    { numRuns: 500 },
  );
});

test('bare elements are read as Postgres writes them', () => {
  expect(parseArray('{1,NULL,-2.50,t}')).toEqual(['1', null, '-2.50', 't']);
  expect(parseArray('{}')).toEqual([]);
  expect(parseArray('{"2026-01-01 00:00:00+00","NULL"}')).toEqual(['2026-01-01 00:00:00+00', 'NULL']);
});
