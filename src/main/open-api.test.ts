import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadEnv } from '../../config/env.ts';
import { noDatabase } from '../../test/support/no-database.ts';
import { paperDeps } from '../../test/support/paper-channel.ts';
import { createMetrics } from '../platform/metrics/index.ts';
import { buildApp } from './app.ts';
import type { Hub } from './hub.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('no database in this test'));

/** The whole face of the hub, with nothing behind it. */
function openFace() {
  const hub: Omit<Hub, 'queue'> & { queue: Pick<Hub['queue'], 'countWaiting'> } = {
    deps: paperDeps(noDatabase),
    databaseUrl: 'postgres://127.0.0.1:1/none',
    env: loadEnv({ WHARF_VAR_DIR: mkdtempSync(join(tmpdir(), 'wharf-face-')) }),
    queue: { countWaiting: refuse },
    metrics: createMetrics({ processMetrics: false }),
    scrape: { token: null, isPublic: true },
    work: refuse,
    close: () => Promise.resolve(),
  };
  return buildApp(hub as Hub, { authenticate: () => Promise.resolve(null), close: () => Promise.resolve() });
}

type Operation = {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, { description: string; content?: Readonly<Record<string, unknown>> }>>;
};

const app = openFace();
let document: {
  openapi: string;
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, unknown> };
};
let operations: { name: string; operation: Operation }[];

beforeAll(async () => {
  document = (await (await app.request('/openapi.json')).json()) as typeof document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
});

const failing = (holds: (operation: Operation) => boolean): string[] =>
  operations.filter(({ operation }) => !holds(operation)).map(({ name }) => name);

describe('the OpenAPI document', () => {
  test('describes the whole API', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.length).toBeGreaterThan(50);
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
  });

  test('every route has a summary of its own that says more than a word', () => {
    expect(failing(({ summary }) => (summary ?? '').length >= 8)).toEqual([]);
    const summaries = operations.map(({ operation }) => operation.summary);
    const repeated = summaries.filter((summary, index) => summaries.indexOf(summary) !== index);
    expect(repeated).toEqual([]);
  });

  test('every route has one tag, which is described, and no tag is empty', () => {
    const described = document.tags.map(({ name }) => name);
    expect(failing(({ tags = [] }) => tags.length === 1 && described.includes(tags[0] ?? ''))).toEqual([]);
    const used = new Set(operations.flatMap(({ operation }) => operation.tags ?? []));
    expect(described.filter((name) => !used.has(name))).toEqual([]);
    expect(document.tags.filter(({ description }) => description.length < 10)).toEqual([]);
  });

  test('every route names its scope and the problems that it may answer with', () => {
    expect(failing(({ security = [] }) => security.some((each) => (each['bearer'] ?? []).length === 1))).toEqual([]);
    const problems = ['400', '401', '403', '404', '409', '500', '503'];
    const isProblem = (operation: Operation, status: string): boolean =>
      operation.responses[status]?.content?.['application/problem+json'] !== undefined;
    expect(failing((operation) => problems.every((status) => isProblem(operation, status)))).toEqual([]);
    expect(failing(({ responses }) => Object.keys(responses).some((status) => status.startsWith('2')))).toEqual([]);
  });
});

describe('the reference at /docs', () => {
  test('asks for files of this origin only, without inline script, eval or inline style', async () => {
    const answer = await app.request('/docs');
    expect(answer.status).toBe(200);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const page = await answer.text();
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|style=|https?:\/\//);
    const paths = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    const files = paths.filter((path) => path.startsWith('/docs/'));
    expect(files).toHaveLength(4);
    for (const path of files) {
      const file = await app.request(path);
      expect(file.status).toBe(200);
      expect(file.headers.get('cache-control')).toContain('immutable');
      const text = await file.text();
      expect(text.length).toBeGreaterThan(100);
      expect(text).not.toMatch(/sourceMappingURL=/);
    }
  });
});
