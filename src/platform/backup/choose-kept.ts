export type Keep = { readonly days: number; readonly weeks: number };

const dayMs = 86_400_000;

/**
 * Of backups, which to keep: the newest of each of the last `days` days that have one, the newest of each of the last
 * `weeks` weeks (from Monday, UTC) that have one, and always the newest of all.
 */
export function chooseKept<Backup extends { readonly createdAt: Date }>(
  backups: readonly Backup[],
  keep: Keep,
): Set<Backup> {
  const newestFirst = backups.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const newestOfEach = (span: (at: Date) => number, count: number): Backup[] => {
    const bySpan = new Map<number, Backup>();
    for (const backup of newestFirst)
      if (!bySpan.has(span(backup.createdAt))) bySpan.set(span(backup.createdAt), backup);
    return [...bySpan.values()].slice(0, count);
  };
  return new Set([...newestFirst.slice(0, 1), ...newestOfEach(dayOf, keep.days), ...newestOfEach(weekOf, keep.weeks)]);
}

function dayOf(at: Date): number {
  return Math.floor(at.getTime() / dayMs);
}

/** The epoch began on a Thursday. */
function weekOf(at: Date): number {
  return Math.floor((dayOf(at) + 3) / 7);
}
