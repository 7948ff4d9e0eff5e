import { Command } from 'commander';
import { auditReport, type AuditLine } from '../audit-report.ts';
import { printJson, wantsJson } from './print.ts';
import { withHub } from './with-hub.ts';

export function auditCommand(): Command {
  return new Command('audit')
    .description('check the invariants: rows checked and differences, a line each; exit 1 on any difference')
    .option('--settled', 'count what is still on its way as a difference')
    .action(async (options: { settled?: boolean }, command: Command) => {
      const report = await withHub((hub) => auditReport(hub.deps.database, { settled: options.settled === true }));
      if (wantsJson(command)) printJson(report);
      else for (const line of report.lines) printLine(line);
      if (!report.isClean) process.exitCode = 1;
    });
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
