import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { withPlants } from './plant.ts';
import { projectRoot } from './source-files.ts';

const reportSchema = z.object({
  number_of_files: z.number(),
  diagnostics: z.array(z.object({ code: z.string().default('unnamed'), filename: z.string() })),
});

const writeVerb = (statement: string): string => `
import { sql } from 'drizzle-orm';
import type { Tx } from '../platform/db/context.ts';

export async function plant(tx: Tx): Promise<void> {
  ${statement}
  await Promise.resolve();
}
`;

const state = `type State = 'open' | 'packed' | 'shipped';\n\n`;

/** File → what it holds and the rules that must name it. */
const plants: Readonly<Record<string, { text: string; rules: readonly string[] }>> = {
  'src/stock/awaited.ts': { text: writeVerb('await tx.execute(sql`SELECT 1`);'), rules: [] },
  'src/stock/forgotten-drizzle.ts': {
    text: writeVerb('tx.execute(sql`SELECT 1`);'),
    rules: ['typescript(no-floating-promises)'],
  },
  'src/stock/forgotten-builder.ts': {
    text: writeVerb('tx.select({ one: sql`1` }).from(sql`pg_class`);'),
    rules: ['typescript(no-floating-promises)'],
  },
  'src/platform/db/forgotten-postgres.ts': {
    text: `import postgres from 'postgres';\n\nexport function plant(): void {\n  postgres('').unsafe('SELECT 1');\n}\n`,
    rules: ['typescript(no-floating-promises)'],
  },
  'src/platform/db/forgotten-pg.ts': {
    text: `import type { Pool } from 'pg';\n\nexport function plant(pool: Pool): void {\n  pool.query('SELECT 1');\n}\n`,
    rules: ['typescript(no-floating-promises)'],
  },
  'src/orders/any.ts': {
    text: 'export const plant = (row: any): string => String(row);\n',
    rules: ['typescript(no-explicit-any)'],
  },
  'src/orders/bang.ts': {
    text: 'export const plant = (row: string | null): string => row!;\n',
    rules: ['typescript(no-non-null-assertion)'],
  },
  'src/orders/switch.ts': {
    text: `${state}export function plant(state: State): number {
  switch (state) {
    case 'open':
      return 1;
    case 'packed':
      return 2;
  }
  return 3;
}\n`,
    rules: ['typescript(switch-exhaustiveness-check)'],
  },
  'src/orders/cycle-a.ts': {
    text: "import { b } from './cycle-b.ts';\n\nexport const a = (): number => b();\n",
    rules: ['import(no-cycle)'],
  },
  'src/orders/cycle-b.ts': {
    text: "import { a } from './cycle-a.ts';\n\nexport const b = (): number => a();\n",
    rules: ['import(no-cycle)'],
  },
  'src/orders/long.ts': { text: 'export {};\n'.repeat(301), rules: ['eslint(max-lines)'] },
  'src/orders/tangled.ts': {
    text: `export function plant(n: number): number {\n${'  if (n > 1) return n;\n'.repeat(12)}  return 0;\n}\n`,
    rules: ['eslint(complexity)'],
  },
  'src/orders/env.ts': { text: 'export const plant = process.env;\n', rules: ['node(no-process-env)'] },
  'src/orders/console.ts': { text: "console.log('x');\n", rules: ['eslint(no-console)'] },
  'config/env.ts': { text: 'export const plant = process.env;\n', rules: [] },
  ...forbidden('src/orders/driver.ts', 'pg'),
  ...forbidden('src/orders/driver-read.ts', 'postgres'),
  ...forbidden('src/orders/driver-drizzle.ts', 'drizzle-orm/node-postgres'),
  ...forbidden('src/orders/index.ts', 'drizzle-orm'),
  ...forbidden('src/orders/routes.ts', 'drizzle-orm'),
  ...forbidden('src/orders/bell.ts', 'bullmq'),
  ...forbidden('src/orders/redis.ts', 'ioredis'),
  ...forbidden('src/orders/fetch.ts', 'undici'),
  ...forbidden('src/main/sql.ts', 'drizzle-orm'),
  ...forbidden('src/kernel/sql.ts', 'drizzle-orm'),
  ...forbidden('src/platform/log/driver.ts', 'pg'),
  ...forbidden('src/platform/queue/sql.ts', 'postgres'),
  ...forbidden('connectors/acme/fetch.ts', 'undici'),
  ...forbidden('connectors/acme/http.ts', 'node:http'),
  ...forbidden('connectors/acme/https.ts', 'node:https'),
  ...forbidden('connectors/acme/sql.ts', 'drizzle-orm'),
  ...allowed('src/platform/db/pool.ts', 'pg'),
  ...allowed('src/platform/db/reader.ts', 'postgres'),
  ...allowed('src/platform/queue/bell.ts', 'bullmq'),
  ...allowed('src/platform/queue/schema.ts', 'drizzle-orm/pg-core'),
  ...allowed('src/platform/http/guard.ts', 'undici'),
  ...allowed('src/orders/queries.ts', 'drizzle-orm'),
  ...allowed('src/orders/schema.ts', 'drizzle-orm/pg-core'),
  ...allowed('test/support/database.ts', 'pg'),
};

function forbidden(file: string, name: string): typeof plants {
  return { [file]: { text: `export * from '${name}';\n`, rules: ['eslint(no-restricted-imports)'] } };
}

function allowed(file: string, name: string): typeof plants {
  return { [file]: { text: `export * from '${name}';\n`, rules: [] } };
}

/** One run of the linter as `npm run check:lint` runs it, over copies that see this project's packages and types. */
function lintPlants(): { fileCount: number; rulesByFile: Map<string, string[]> } {
  const files = {
    ...Object.fromEntries(Object.entries(plants).map(([file, plant]) => [file, plant.text])),
    'tsconfig.json': readFileSync(path.join(projectRoot, 'tsconfig.json'), 'utf8'),
    'package.json': '{ "type": "module" }',
    'src/platform/db/context.ts': readFileSync(path.join(projectRoot, 'src/platform/db/context.ts'), 'utf8'),
    'src/platform/log/index.ts': readFileSync(path.join(projectRoot, 'src/platform/log/index.ts'), 'utf8'),
  };
  return withPlants(files, (root) => {
    symlinkSync(path.join(projectRoot, 'node_modules'), path.join(root, 'node_modules'));
    const oxlint = path.join(projectRoot, 'node_modules/oxlint/bin/oxlint');
    const config = path.join(projectRoot, 'config/tooling/oxlint.json');
    const folders = ['src', 'connectors', 'config', 'test'];
    const run = spawnSync(process.execPath, [oxlint, '--config', config, '--format', 'json', ...folders], {
      cwd: root,
      encoding: 'utf8',
    });
    const report = reportSchema.parse(JSON.parse(run.stdout));
    const rulesByFile = new Map<string, string[]>();
    for (const { code, filename } of report.diagnostics) {
      rulesByFile.set(filename, [...new Set([...(rulesByFile.get(filename) ?? []), code])]);
    }
    return { fileCount: report.number_of_files, rulesByFile };
  });
}

const linted = lintPlants();

test('the linter read every plant', () => {
  expect(linted.fileCount).toBe(Object.keys(plants).length + 2);
});

test.each(Object.entries(plants).filter(([, plant]) => plant.rules.length > 0))(
  '%s is reported by its rule',
  (file, plant) => {
    expect(linted.rulesByFile.get(file)).toEqual(expect.arrayContaining([...plant.rules]));
  },
);

test.each(Object.entries(plants).filter(([, plant]) => plant.rules.length === 0))('%s is clean', (file) => {
  expect(linted.rulesByFile.get(file) ?? []).toEqual([]);
});
