import { resolve } from 'node:path';
import type { Command } from 'commander';
import { backupProgressAfterMs } from '../../../config/defaults.ts';
import { loadEnv } from '../../../config/env.ts';
import { invalidField } from '../../kernel/index.ts';
import { createLog, type Log } from '../../platform/log/index.ts';
import { restoreBackup } from '../recovery/restore-backup.ts';
import { verifyBackup, type VerifiedDatabase } from '../recovery/verify-backup.ts';
import { printJson, printOne, wantsJson } from './print.ts';
import { showProgress } from './progress.ts';
import { subCommand } from './sub-command.ts';

type Options = { verify?: boolean; into?: string; replace?: boolean };

export function restoreCommand(): Command {
  return subCommand(
    'restore <file>',
    'restore a backup, or with --verify see that it can be; afterwards everything waits for wharf recovery',
    'restore var/backups/wharf-20261121T031700Z-1a2b3c4d.wharf-backup --verify',
    'restore FILE --into /srv/wharf-var',
    'DATABASE_URL=postgres://wharf:secret@db/wharf wharf restore FILE --replace',
  )
    .option('--verify', 'restore into a place of its own, run every check of the audit, throw it away')
    .option('--into <place>', 'a folder to be WHARF_VAR_DIR, or with DATABASE_URL the name of a database beside it')
    .option('--replace', 'where a database is already: put it aside under another name (nothing is deleted)')
    .action(async (file: string, options: Options, command: Command) => {
      if (options.verify === true && (options.into !== undefined || options.replace === true)) {
        throw invalidField('--verify', 'input.not_together', 'goes with neither --into nor --replace');
      }
      const env = loadEnv();
      const log = commandLog(env.logLevel);
      const progress = showProgress(backupProgressAfterMs);
      const work = {
        env,
        log,
        file: resolve(file),
        onBytes: (bytes: number) => progress.show({ step: 'restoring', bytes }),
      };
      if (options.verify === true) return showVerified(command, await verifyBackup(work).finally(progress.end));
      const done = await restoreBackup(work, { into: options.into ?? null, replace: options.replace === true }).finally(
        progress.end,
      );
      printOne(command, { ...done });
      if (!wantsJson(command)) console.log(`\n${afterwards(done.start)}`);
    });
}

function afterwards(start: string): string {
  return `Everything stands still until you confirm. What happened after the backup is not in it.
  1. Start the hub, with the same master key: ${start}
  2. wharf recovery read      reads every shop; nothing is told to anybody
  3. wharf recovery           shows what was found and what to look at
  4. wharf recovery confirm   lets everything go on`;
}

function showVerified(command: Command, verified: { seconds: number; databases: readonly VerifiedDatabase[] }): void {
  const isClean = verified.databases.every(({ report }) => report.isClean);
  if (!isClean) process.exitCode = 1;
  if (wantsJson(command)) return printJson({ isClean, ...verified });
  for (const { name, applied, report } of verified.databases) {
    console.log(`${name}${applied.length === 0 ? '' : ` (migrated: ${applied.join(', ')})`}`);
    for (const line of report.lines) {
      const mark = line.differenceCount === 0 ? 'ok  ' : 'DIFF';
      console.log(
        `  ${mark} ${line.invariant}  ${line.title}: ${line.checked} checked, ${line.differenceCount} differences`,
      );
      for (const { subject, expected, found } of line.differences) {
        console.log(`          ${subject}: expected ${expected}, found ${found}`);
      }
    }
  }
  console.log(
    isClean ? `It can be restored (${verified.seconds} s).` : 'It can be restored, but its audit is not clean.',
  );
}

function commandLog(level: Parameters<typeof createLog>[0]['level']): Log {
  return createLog({
    level: level === 'info' ? 'warn' : level,
    pretty: true,
    write: (line) => void process.stderr.write(line),
  });
}
