import type { RestoredDatabase } from '../../platform/backup/index.ts';
import { databaseName } from '../run/mode.ts';

/** Of the databases of a cluster those that are ours: the one that was backed up, the seller's and the demo's. */
export function wharfDatabases(restored: readonly RestoredDatabase[]): RestoredDatabase[] {
  const ours = new Set([databaseName('real'), databaseName('demo')]);
  return restored.filter(
    ({ name, manifest }) => manifest.kind === 'dump' || name === manifest.database || ours.has(name),
  );
}
