import type { Run } from '../run.ts';
import type { AuditFinding, Auditor } from './audit.ts';
import { watchChannels } from './channels.ts';
import { findLostWebhooks } from './settled.ts';

/** What must hold after every step: anything else is told. */
export type SafetyWatch = {
  look(): Promise<string[]>;
  /** At the end: also what nothing has been written to. */
  lookAtAll(): Promise<string[]>;
};

/** A channel whose answers lag shows a write later than the read that should have shown it: `liveOut` asks for these. */
const inTheEnd = new Set(['packages.once_on_the_channel', 'requests.once_on_the_channel']);

/**
 * Invariants 1 to 5 by the product's own audit, the stock against plain maps, every acknowledged webhook, and no effect twice
 * on a channel. What only rows can change is looked at where a step has written to them.
 */
export function watchSafety(run: Run, auditor: Auditor): SafetyWatch {
  const channels = watchChannels(run.shops);
  let acknowledged = 0;
  const differences = (findings: readonly AuditFinding[]): string[] =>
    findings
      .filter(({ name, different }) => different > 0 && !inTheEnd.has(name))
      .map(({ name, examples }) => `${name}: ${examples}`);
  return {
    async look() {
      const { findings, written } = await auditor.auditWritten();
      const isMore = run.acknowledged.size > acknowledged;
      acknowledged = run.acknowledged.size;
      return [
        ...channels.look(),
        ...differences(findings),
        ...(written.has('stock_levels') ? await run.model.compare(run.database) : []),
        ...(isMore || written.has('inbox_events') ? await findLostWebhooks(run) : []),
      ];
    },
    lookAtAll: async () => [
      ...channels.look(),
      ...differences(await auditor.audit()),
      ...(await run.model.compare(run.database)),
      ...(await findLostWebhooks(run)),
    ],
  };
}
