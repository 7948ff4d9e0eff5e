import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Instruction, Stage } from './dockerfile.ts';

const run = promisify(execFile);

export type Built = {
  /** Where the last stage's WORKDIR lies on this machine. */
  readonly folder: string;
  readonly ran: readonly string[];
  readonly skipped: readonly string[];
};

/**
 * Does what a build of the Dockerfile does, with folders below `root` for the stages' file systems: COPY copies what the
 * context holds, RUN runs in the stage's WORKDIR on this machine. System packages are installed here only for root.
 */
export async function buildImage(stages: readonly Stage[], context: string, root: string): Promise<Built> {
  const ran: string[] = [];
  const skipped: string[] = [];
  let folder = '';
  for (const stage of stages) {
    folder = await build(stage, { context, root, ran, skipped });
  }
  return { folder, ran, skipped };
}

type Build = { readonly context: string; readonly root: string; readonly ran: string[]; readonly skipped: string[] };

async function build(stage: Stage, at: Build): Promise<string> {
  let workdir = join(at.root, stage.name);
  await mkdir(workdir, { recursive: true });
  for (const instruction of stage.instructions) {
    if (instruction.name === 'WORKDIR') {
      workdir = join(at.root, stage.name, instruction.text);
      await mkdir(workdir, { recursive: true });
    }
    if (instruction.name === 'COPY') await copy(instruction, workdir, at);
    if (instruction.name === 'RUN') await runStep(instruction, workdir, at);
  }
  return workdir;
}

async function copy({ text }: Instruction, workdir: string, at: Build): Promise<void> {
  const words = text.split(/\s+/);
  const from = words[0]?.startsWith('--from=') === true ? words.shift()?.slice('--from='.length) : undefined;
  const source = from === undefined ? at.context : join(at.root, from);
  const target = words.pop() ?? '.';
  for (const word of words) {
    const isFolder = target.endsWith('/');
    const to = isFolder ? join(workdir, target, word) : join(workdir, target);
    await mkdir(dirname(to), { recursive: true });
    await cp(join(source, word), to, { recursive: true, verbatimSymlinks: true });
  }
}

async function runStep({ text }: Instruction, workdir: string, at: Build): Promise<void> {
  const command = text.replaceAll(/--mount=\S+\s+/g, '').trim();
  if (command.startsWith('apt-get') && process.getuid?.() !== 0) {
    at.skipped.push(command);
    return;
  }
  await run('/bin/sh', ['-c', command], { cwd: workdir, maxBuffer: 50_000_000 });
  at.ran.push(command);
}

/** Whether the context that `.dockerignore` leaves holds a path; for the few forms that ours uses. */
export async function readIgnored(context: string): Promise<(path: string) => boolean> {
  const lines = (await readFile(join(context, '.dockerignore'), 'utf8')).split('\n').filter((line) => line !== '');
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const suffixes = lines.filter((line) => line.startsWith('**/*')).map((line) => line.slice(4));
  return (path) =>
    !kept.some((top) => path === top || path.startsWith(`${top}/`)) || suffixes.some((suffix) => path.endsWith(suffix));
}
