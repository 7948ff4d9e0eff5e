import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAge, judgeDocument, type DocumentAge, type Verdict } from './judge-document.ts';

function age(content: string, atMs: number, sourceVersion: string | null = null): DocumentAge {
  return { sourceVersion, readStartedAt: new Date(atMs), documentHash: createHash('sha256').update(content).digest() };
}

/** What stands after documents arrived in this order. An unchanged one moves the age, as `touchReads` does. */
function end(
  arrived: readonly DocumentAge[],
  judge: (document: DocumentAge, applied: DocumentAge | null) => Verdict,
): DocumentAge | null {
  return arrived.reduce<DocumentAge | null>((applied, document) => {
    const verdict = judge(document, applied);
    if (verdict === 'apply' || applied === null) return document;
    return verdict === 'unchanged' && compareAge(document, applied) > 0 ? document : applied;
  }, null);
}

const byTime = fc
  .record({ content: fc.constantFrom('A', 'B', 'C'), atMs: fc.integer({ min: 0, max: 5 }) })
  .map(({ content, atMs }) => age(content, atMs));
const byVersion = fc
  .record({
    content: fc.constantFrom('A', 'B', 'C'),
    atMs: fc.integer({ min: 0, max: 3 }),
    version: fc.bigInt({ min: 0n, max: 3n }),
  })
  .map(({ content, atMs, version }) => age(content, atMs, (version + 2n ** 64n).toString()));

const shuffledTwice = (documents: fc.Arbitrary<DocumentAge>) =>
  fc
    .array(documents, { minLength: 1, maxLength: 8 })
    .chain((all) => fc.tuple(fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }), fc.constant(all)));

describe('judging a document', () => {
  it('applies a first document, and the same content again changes nothing', () => {
    expect(judgeDocument(age('A', 1), null)).toBe('apply');
    expect(judgeDocument(age('A', 2), age('A', 1))).toBe('unchanged');
  });

  it('applies another content of a later read, and not of an earlier one', () => {
    expect(judgeDocument(age('B', 2), age('A', 1))).toBe('apply');
    expect(judgeDocument(age('B', 1), age('A', 2))).toBe('older');
  });

  it('believes a version before the time, and the time where versions are equal', () => {
    expect(judgeDocument(age('B', 1, '10'), age('A', 9, '9'))).toBe('apply');
    expect(judgeDocument(age('B', 9, '9'), age('A', 1, '10'))).toBe('older');
    expect(judgeDocument(age('B', 2, '10'), age('A', 1, '10'))).toBe('apply');
  });

  it('compares versions of twenty digits exactly', () => {
    expect(compareAge(age('A', 0, '18446744073709551617'), age('A', 0, '18446744073709551616'))).toBeGreaterThan(0);
  });

  it('ends alike however documents are repeated and reordered', () => {
    for (const documents of [byTime, byVersion]) {
      fc.assert(
        fc.property(shuffledTwice(documents), ([arrived, all]) => {
          const newest = all.toSorted(compareAge).at(-1) as DocumentAge;
          expect(end(arrived, judgeDocument)?.documentHash).toEqual(newest.documentHash);
        }),
        { numRuns: 2_000 },
      );
    }
  });

  it('would not end alike if whatever comes last were applied', () => {
    const naive = (): Verdict => 'apply';
    const agrees = fc.property(shuffledTwice(byTime), ([arrived, all]) => {
      const newest = all.toSorted(compareAge).at(-1) as DocumentAge;
      return end(arrived, naive)?.documentHash === newest.documentHash;
    });
    expect(fc.check(agrees, { numRuns: 500 }).failed).toBe(true);
  });
});
