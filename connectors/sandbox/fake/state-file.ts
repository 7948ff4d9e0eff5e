import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { countLevels, type Shop } from './shop.ts';
import type { JournalEntry, ShopOrder, ShopState } from './state.ts';

/** A line after the first of the file: what one write changed. */
type Patch = {
  order?: ShopOrder;
  levels?: Record<string, number>;
  entry: JournalEntry;
  sequence: number;
  webhookUrls: string[];
};

const journalKept = 20_000;

/**
 * The shop's state on disk: one line with everything, then one line for each write, appended before the write is
 * answered, so that a killed process forgets no order. A torn last line is a write nobody was told of.
 */
export function readStateFile(path: string): ShopState | null {
  if (!existsSync(path)) return null;
  const [first, ...rest] = readFileSync(path, 'utf8').split('\n');
  if (first === undefined || first === '') return null;
  const state: ShopState = JSON.parse(first);
  for (const line of rest) {
    const patch = parseLine(line);
    if (patch === null) break;
    if (patch.order !== undefined) state.orders[patch.order.id] = patch.order;
    Object.assign(state.levels, patch.levels ?? {});
    countLevels(state, Object.keys(patch.levels ?? {}), patch.entry.seq);
    state.journal.push(patch.entry);
    state.sequence = patch.sequence;
    state.webhookUrls = patch.webhookUrls;
  }
  return state;
}

function parseLine(line: string): Patch | null {
  try {
    const patch: Patch = JSON.parse(line);
    return patch;
  } catch {
    return null;
  }
}

/** Writes the whole state to a new file, puts it in place of the old one, and appends every write from then on. */
export function keepStateFile(path: string, shop: Shop): void {
  const { state } = shop;
  state.journal.splice(0, Math.max(0, state.journal.length - journalKept));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  shop.onCommit((entry, { order, levelKeys }) => {
    const patch: Patch = { entry, sequence: state.sequence, webhookUrls: state.webhookUrls };
    if (order !== undefined) patch.order = order;
    if (levelKeys !== undefined) {
      patch.levels = Object.fromEntries(levelKeys.map((key) => [key, state.levels[key] ?? 0]));
    }
    appendFileSync(path, `${JSON.stringify(patch)}\n`);
  });
}
