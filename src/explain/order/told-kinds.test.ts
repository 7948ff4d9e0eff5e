import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toldKinds } from './tell-entry.ts';

const src = join(import.meta.dirname, '../..');

/** Words that stand behind `kind:` in the same files and are kinds of holds, documents, references and faults. */
const otherKinds = new Set(['unmapped', 'invoice', 'channel_request', 'rejected']);

/** Kinds of timeline entries that the code writes. */
function writtenKinds(): Set<string> {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('explain'),
  );
  const writers = files
    .map((file) => readFileSync(join(src, file), 'utf8'))
    .filter((text) => /\baddTimeline\(|\bTimelineEntry\b/.test(text));
  const kinds = writers.flatMap((text) => [
    ...[...text.matchAll(/\bkind: '([a-z_]+)'/g)].map((match) => match[1] ?? ''),
    ...[...text.matchAll(/\bentry\('([a-z_]+)'/g)].map((match) => match[1] ?? ''),
    ...[...text.matchAll(/\? '([a-z_]+)' : '([a-z_]+)',\n\s+data:/g)].flatMap((match) => match.slice(1)),
  ]);
  return new Set(kinds.filter((kind) => !otherKinds.has(kind)));
}

test('every kind of entry that is written into an order’s timeline has words', () => {
  const written = [...writtenKinds()].toSorted();
  expect(written).toEqual(expect.arrayContaining(['allocated', 'edited', 'hold_placed', 'invoiced', 'return_opened']));
  expect(written.filter((kind) => !toldKinds.includes(kind))).toEqual([]);
});
