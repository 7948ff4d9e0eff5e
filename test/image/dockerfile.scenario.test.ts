import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createEmptyDatabase } from '../support/database.ts';
import { queueEnvironment } from '../support/deployment.ts';
import { freePort } from '../support/free-port.ts';
import { buildImage, readIgnored, type Built } from './build-image.ts';
import { environmentOf, execForm, readDockerfile } from './dockerfile.ts';

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, '../..');
const stages = readDockerfile(readFileSync(join(checkout, 'Dockerfile'), 'utf8'));
const compose = parse(readFileSync(join(checkout, 'config/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<
    string,
    {
      command?: string[];
      environment: Record<string, string | number>;
      healthcheck?: { test?: string[] };
      image?: string;
    }
  >;
};

/** How the compose file asks its worker, at another port: the one it names may be taken on this machine. */
function workerHealth(port: string): string[] {
  const { environment, healthcheck } = compose.services['worker'] ?? {};
  const named = String(environment?.['WHARF_METRICS_PORT']);
  const [form, ...words] = healthcheck?.test ?? [];
  expect([form, words.at(-1)]).toEqual(['CMD', named]);
  return words.map((word) => (word === named ? port : word));
}

// No container engine is needed, and so none of it is shown here: the steps run on this machine, in folders of their own.
describe('the Dockerfile, step by step in a clean folder', () => {
  let root: string;
  let built: Built;
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let environment: Record<string, string>;
  // As the image: not as root, where we can choose.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'wharf-image-'));
    chmodSync(root, 0o755);
    const context = join(root, 'context');
    mkdirSync(context);
    const isIgnored = await readIgnored(checkout);
    const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: checkout });
    for (const file of stdout.split('\n').filter((name) => name !== '' && existsSync(join(checkout, name)))) {
      if (!isIgnored(file)) cpSync(join(checkout, file), join(context, file));
    }
    built = await buildImage(stages, context, root);
    chmodSync(join(built.folder, 'var'), 0o777);
    database = await createEmptyDatabase();
    environment = {
      ...environmentOf(stages),
      ...queueEnvironment(),
      HOST: '127.0.0.1',
      PATH: process.env['PATH'] ?? '',
      PORT: String(await freePort()),
      DATABASE_URL: database.url,
      WHARF_MASTER_KEY: randomBytes(32).toString('base64'),
    };
  }, 300_000);

  afterAll(async () => {
    await database?.drop();
    rmSync(root, { recursive: true, force: true });
  });

  const wharf = (words: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const [program = '', ...first] = execForm(stages, 'ENTRYPOINT');
    const options = { cwd: built.folder, env: { ...environment, ...more }, ...user };
    return spawn(program, [...first, ...words], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  };

  it('ran every RUN step, or says which it could not', () => {
    const steps = stages.flatMap((stage) => stage.instructions.filter(({ name }) => name === 'RUN'));
    expect(built.ran.length + built.skipped.length).toBe(steps.length);
    if (built.skipped.length > 0) console.warn(`not run without root: ${built.skipped.join('; ')}`);
    expect(built.ran.some((step) => step.startsWith('npm ci'))).toBe(true);
  });

  it('holds the program and nothing of its tests or tools', () => {
    const files = readdirSync(built.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(built.folder, join(entry.parentPath, entry.name)));
    const own = files.filter((file) => !file.startsWith('node_modules/'));
    expect(own.length).toBeGreaterThan(300);
    expect(own.filter((file) => /\.test\.tsx?$/.test(file))).toEqual([]);
    expect(files.filter((file) => /^node_modules\/(vitest|typescript|msw|oxlint)\//.test(file))).toEqual([]);
  });

  it('runs as a user who is not root', () => {
    const users = stages.at(-1)?.instructions.filter(({ name }) => name === 'USER') ?? [];
    expect(users.map(({ text }) => text)).toEqual(['1000:1000']);
  });

  it('starts each service of the compose file from that folder, as somebody else, and is found healthy', async () => {
    const { migrate, server, worker } = compose.services;
    const [code] = (await once(wharf(migrate?.command ?? []), 'exit')) as [number | null];
    expect(code).toBe(0);
    const serving = wharf(server?.command ?? []);
    const workerPort = String(await freePort());
    const working = wharf(worker?.command ?? [], { WHARF_METRICS_PORT: workerPort });
    try {
      await Promise.all([serving, working].map((child) => once(child.stdout, 'data')));
      const [program = '', ...words] = execForm(stages, 'HEALTHCHECK');
      await run(program, words, { cwd: built.folder, env: environment });
      const [ask = '', ...asked] = workerHealth(workerPort);
      await run(ask, asked, { cwd: built.folder, env: environment });
      const deaf = { ...environment, PORT: '1' };
      await expect(run(program, words, { cwd: built.folder, env: deaf })).rejects.toMatchObject({ code: 1 });
    } finally {
      const ends = [serving, working].map((child) => once(child, 'exit'));
      for (const child of [serving, working]) child.kill('SIGTERM');
      expect((await Promise.all(ends)).map(([exit]) => exit as number | null)).toEqual([0, 0]);
    }
  });
});

describe('the compose file', () => {
  it('gives the program only variables that it reads', () => {
    const known = new Set(
      [...readFileSync(join(checkout, 'config/.env.example'), 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(
        ([, name]) => name,
      ),
    );
    const given = ['server', 'worker', 'migrate'].flatMap((name) =>
      Object.keys(compose.services[name]?.environment ?? {}),
    );
    expect(given.length).toBeGreaterThan(9);
    expect(given.filter((name) => !known.has(name))).toEqual([]);
  });

  it('keeps the rings of a Redis that never evicts in an append-only file', () => {
    expect(compose.services['redis']?.command?.join(' ')).toMatch(/--appendonly yes .*noeviction/);
  });

  it('has a PostgreSQL whose pg_dump the image brings', () => {
    const [, version = 'none'] = /postgres:(\d+)/.exec(compose.services['postgres']?.image ?? '') ?? [];
    expect(readFileSync(join(checkout, 'Dockerfile'), 'utf8')).toContain(`postgresql-client-${version}`);
  });
});
