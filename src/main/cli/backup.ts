import { resolve } from 'node:path';
import { Command } from 'commander';
import { backupProgressAfterMs } from '../../../config/defaults.ts';
import { loadEnv } from '../../../config/env.ts';
import { listBackups, takeBackup } from '../../platform/backup/index.ts';
import { backupSource, masterKeyFile } from '../recovery/backup-source.ts';
import { showProgress } from './progress.ts';
import { printOne, printRows, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';
import { withHub } from './with-hub.ts';

export function backupCommand(): Command {
  return new Command('backup')
    .description('back up now, while everybody goes on working; encrypted, and read back before it is called good')
    .option('--to <dir>', 'another folder than WHARF_BACKUP_DIR; what is written there is never removed')
    .addHelpText(
      'after',
      `
Example:
  $ wharf backup
  $ wharf backup --to /mnt/usb
  $ wharf backup list
  $ wharf restore FILE --verify

A hub that runs takes one each night (WHARF_BACKUP_CRON) and keeps what WHARF_BACKUP_KEEP_DAYS and _WEEKS say.`,
    )
    .action(async (options: { to?: string }, command: Command) => {
      const progress = showProgress(backupProgressAfterMs);
      const taken = await withHub(async ({ deps, databaseUrl }, env) => {
        const dir = options.to === undefined ? env.backupDir : resolve(options.to);
        const source = await backupSource(env, databaseUrl);
        return takeBackup(deps, source, { dir, onProgress: progress.show });
      }).finally(progress.end);
      const { file, bytes, files, createdAt, tookMs } = taken;
      printOne(command, {
        file,
        bytes,
        files,
        createdAt: createdAt.toISOString(),
        seconds: Math.round(tookMs / 100) / 10,
        verified: 'read back whole',
      });
      if (!wantsJson(command)) console.log(`\n${keyHint()}`);
    })
    .addCommand(listCommand());
}

/** Where the one thing is that no backup holds. */
function keyHint(): string {
  const env = loadEnv();
  const where = env.masterKey === null ? masterKeyFile(env) : 'WHARF_MASTER_KEY';
  return `The master key (${where}) is not in the backup, and nothing in it can be read without: keep a copy in a password
manager or on paper, never beside the backups. To see that it can be restored: wharf restore FILE --verify`;
}

function listCommand(): Command {
  return subCommand('list', 'show the backups of the folder, newest first', 'backup list', 'backup list --in /mnt/usb')
    .option('--in <dir>', 'another folder than WHARF_BACKUP_DIR')
    .action(async (options: { in?: string }, command: Command) => {
      const dir = options.in === undefined ? loadEnv().backupDir : resolve(options.in);
      const found = await listBackups(dir);
      const lastGood = found.find(({ verifiedAt }) => verifiedAt !== null);
      const listed = found.map(({ file, bytes, manifest, verifiedAt }) => ({
        file,
        createdAt: manifest?.createdAt ?? null,
        kind: manifest?.kind ?? null,
        databases: manifest?.databases.map(({ name }) => name) ?? [],
        bytes,
        verifiedAt: verifiedAt?.toISOString() ?? null,
        isLastGood: file === lastGood?.file,
      }));
      printRows(command, listed, [
        { title: 'TAKEN', of: (backup) => backup.createdAt },
        { title: 'KIND', of: (backup) => backup.kind },
        { title: 'MB', of: (backup) => (backup.bytes / 1e6).toFixed(1) },
        { title: 'READ BACK', of: (backup) => backup.verifiedAt ?? 'never' },
        { title: '', of: (backup) => (backup.isLastGood ? 'last good' : '') },
        { title: 'FILE', of: (backup) => backup.file },
      ]);
    });
}
