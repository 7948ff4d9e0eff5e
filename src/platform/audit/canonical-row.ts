import { isLosslessNumber, parse } from 'lossless-json';
import { compareBytes } from '../../kernel/index.ts';

/** An audit row as the database holds it; `dataText` is the text of its jsonb, in which numbers keep every digit. */
export type SealableRow = {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly dataText: string;
  readonly requestId: string | null;
};

const formatVersion = 1;

/** One text a row and one row a text: what a seal covers. Key order and spaces of `data` do not matter; its digits do. */
export function canonicalRow(row: SealableRow): string {
  return canonicalJson([
    formatVersion,
    row.id,
    row.at.toISOString(),
    row.actorKind,
    row.actorId,
    row.action,
    row.subjectKind,
    row.subjectId,
    parse(row.dataText),
    row.requestId,
  ]);
}

/** JSON without spaces, keys in byte order of UTF-8, numbers in the digits they were read with. */
export function canonicalJson(value: unknown): string {
  if (isLosslessNumber(value)) return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => compareBytes(a, b));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}
