/** What decides whether a document is news: the channel's version where it is trustworthy, then when its read began. */
export type DocumentAge = {
  readonly sourceVersion: string | null;
  readonly readStartedAt: Date;
  readonly documentHash: Uint8Array;
};

export type Verdict = 'apply' | 'unchanged' | 'older';

/** A document is applied unless it is older; one that says the same again changes nothing. */
export function judgeDocument(document: DocumentAge, applied: DocumentAge | null): Verdict {
  if (applied === null) return 'apply';
  const order = compareAge(document, applied);
  if (order < 0) return 'older';
  return order === 0 || sameContent(document, applied) ? 'unchanged' : 'apply';
}

/**
 * Negative where `a` is older. Equal versions go by the time their reads began. Two reads that began in one millisecond
 * and differ cannot be told apart; their hashes decide, so that every order of arrival ends alike.
 */
export function compareAge(a: DocumentAge, b: DocumentAge): number {
  return (
    compareVersions(a.sourceVersion, b.sourceVersion) ||
    compareReads(a, b) ||
    Buffer.compare(a.documentHash, b.documentHash)
  );
}

function compareVersions(a: string | null, b: string | null): number {
  if (a === null || b === null) return 0;
  const difference = BigInt(a) - BigInt(b);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function compareReads(a: DocumentAge, b: DocumentAge): number {
  return a.readStartedAt.getTime() - b.readStartedAt.getTime();
}

function sameContent(a: DocumentAge, b: DocumentAge): boolean {
  return Buffer.compare(a.documentHash, b.documentHash) === 0;
}
