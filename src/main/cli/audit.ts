import { Command } from 'commander';
import { checkSeals, forgetHeads, readKeptHeads, writeAudit, type SealReport } from '../../platform/audit/index.ts';
import { auditHeadsFile } from '../audit-heads-file.ts';
import { auditReport, type AuditLine } from '../audit-report.ts';
import { printJson, printOne, wantsJson } from './print.ts';
import { cliActor, withHub } from './with-hub.ts';

type Options = { settled?: boolean; sealCheck?: boolean; forgetHeads?: string };

export function auditCommand(): Command {
  return new Command('audit')
    .description('check the invariants: rows checked and differences, a line each; exit 1 on any difference')
    .option('--settled', 'count what is still on its way as a difference')
    .option('--seal-check', 'check the chain of audit seals instead; exit 1 on the first row that does not fit')
    .option('--forget-heads <reason>', 'after a restore: no longer compare heads that were kept before now')
    .action(async (options: Options, command: Command) => {
      if (options.forgetHeads !== undefined) return forget(options.forgetHeads, command);
      if (options.sealCheck === true) return checkChain(command);
      const report = await withHub((hub) => auditReport(hub.deps.database, { settled: options.settled === true }));
      if (wantsJson(command)) printJson(report);
      else for (const line of report.lines) printLine(line);
      if (!report.isClean) process.exitCode = 1;
    });
}

async function checkChain(command: Command): Promise<void> {
  const report = await withHub(async ({ deps, databaseUrl }, env) =>
    checkSeals(deps.database, deps.keyring, await readKeptHeads(auditHeadsFile(env, databaseUrl))),
  );
  if (wantsJson(command)) printJson(report);
  else printSeals(report);
  if (!report.isIntact) process.exitCode = 1;
}

function printSeals({ broken, checked, headsCompared, unsealed, unsealedSince }: SealReport): void {
  const heads = headsCompared === 0 ? 'no head kept outside to compare' : `${headsCompared} heads kept outside fit`;
  if (broken === null) console.log(`ok   audit seals: ${checked} rows fit, ${heads}`);
  else {
    console.log(`DIFF audit seals: ${checked} rows fit, then position ${broken.position}: ${broken.fault}`);
    console.log(`        ${broken.detail}`);
    if (broken.entryId !== null) {
      console.log(`        row ${broken.entryId}, ${broken.action ?? ''}, ${broken.at?.toISOString() ?? ''}`);
    }
  }
  const since = unsealedSince === null ? '' : `, the oldest since ${unsealedSince.toISOString()}`;
  console.log(`     ${unsealed} rows not sealed yet${since}`);
}

async function forget(reason: string, command: Command): Promise<void> {
  await withHub(async ({ deps, databaseUrl }, env) => {
    const now = await deps.database.transact({ actor: cliActor }, async (ctx) => {
      await writeAudit(ctx, {
        action: 'audit.heads_forgotten',
        subjectKind: 'audit',
        subjectId: null,
        data: { reason },
      });
      return ctx.now;
    });
    await forgetHeads(auditHeadsFile(env, databaseUrl), { reason, keptSince: null, now });
  });
  printOne(command, { forgotten: true, reason });
}

function printLine(line: AuditLine): void {
  const mark = line.differenceCount === 0 ? 'ok  ' : 'DIFF';
  const pending = line.pending === 0 ? '' : `, ${line.pending} on their way`;
  const age = line.oldestSeenAt === null ? '' : `, oldest read-back ${line.oldestSeenAt.toISOString()}`;
  console.log(
    `${mark} ${line.invariant}  ${line.title}: ${line.checked} checked, ${line.differenceCount} differences${pending}${age}`,
  );
  for (const { subject, expected, found } of line.differences) {
    console.log(`        ${subject}: expected ${expected}, found ${found}`);
  }
}
