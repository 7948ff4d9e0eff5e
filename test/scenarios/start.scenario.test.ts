import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOnServers } from '../support/deployment.ts';
import { removeVarDir } from '../support/remove-var-dir.ts';
import { runWharf, startWharf, type RunningWharf } from '../support/run-wharf.ts';

let parent: string;
let environment: Record<string, string>;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'wharf-start-'));
  mkdirSync(join(parent, 'private'), { mode: 0o700 });
  environment = { WHARF_VAR_DIR: join(parent, 'private', 'var') };
});

afterAll(() => {
  removeVarDir(join(parent, 'private', 'var'));
  rmSync(parent, { recursive: true, force: true });
});

const get = async (hub: RunningWharf, path: string): Promise<unknown> => {
  const answer = await fetch(`${hub.origin}/api/v1${path}`, { headers: { authorization: `Bearer ${hub.token}` } });
  expect(answer.status).toBe(200);
  return answer.json();
};

const orderIds = async (hub: RunningWharf): Promise<string[]> => {
  const { items } = (await get(hub, '/orders?limit=200')) as { items: { orderId: string }[] };
  return items.map((order) => order.orderId);
};

const until = async <Result>(look: () => Promise<Result | null>): Promise<Result> => {
  for (let round = 0; round < 300; round += 1) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('waited 60 s');
};

/** Processes that name this test's folder in their command line: the hub and its PostgreSQL. */
const processesOf = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((commandLine) => commandLine.includes(folder));

// On a run with servers of its own there is no bare machine to start on.
describe.skipIf(isOnServers())('wharf start on a bare machine, below a folder that only its owner may enter', () => {
  let firstOrders: string[] = [];
  let token = '';

  it('opens the demo: orders flow in, are allocated, and the page shows them', async () => {
    const hub = await startWharf(environment);
    try {
      token = hub.token;
      firstOrders = await until(async () => {
        const ids = await orderIds(hub);
        return ids.length >= 3 ? ids : null;
      });
      const shipments = await until(async () => {
        const { items } = (await get(hub, '/shipments')) as { items: unknown[] };
        return items.length > 0 ? items : null;
      });
      expect(shipments.length).toBeGreaterThan(0);
      const signIn = await fetch(hub.address, { redirect: 'manual' });
      const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
      const page = await fetch(`${hub.origin}/`, { headers: { cookie } });
      expect(page.status).toBe(200);
      const html = await page.text();
      for (const heading of ['Orders', 'Stock', 'Lanes', 'Health']) expect(html).toContain(heading);
    } finally {
      expect(await hub.interrupt()).toBe(0);
    }
  });

  it('leaves no process behind after Ctrl-C', () => {
    expect(processesOf(parent)).toEqual([]);
  });

  it('the page without a token shows nothing but how to sign in', async () => {
    const hub = await startWharf(environment);
    try {
      const page = await fetch(`${hub.origin}/`);
      expect(page.status).toBe(401);
      expect(await page.text()).not.toContain('Orders');
      const api = await fetch(`${hub.origin}/api/v1/orders`);
      expect(api.status).toBe(401);
      expect(api.headers.get('content-type')).toContain('application/problem+json');
    } finally {
      await hub.interrupt();
    }
  });

  it('a second start keeps its data and its token', async () => {
    const hub = await startWharf(environment);
    try {
      expect(hub.token).toBe(token);
      const kept = new Set(await orderIds(hub));
      expect(firstOrders.filter((id) => !kept.has(id))).toEqual([]);
    } finally {
      await hub.interrupt();
    }
  });

  it('a start after kill -9 takes over the database that was left running', async () => {
    const killed = await startWharf(environment);
    const before = await orderIds(killed);
    await killed.kill();
    const hub = await startWharf(environment);
    try {
      const kept = new Set(await orderIds(hub));
      expect(before.filter((id) => !kept.has(id))).toEqual([]);
    } finally {
      await hub.interrupt();
    }
    expect(processesOf(parent)).toEqual([]);
  });

  it('the audit finds nothing, and says how much it looked at', async () => {
    const { code, stdout } = await runWharf(['audit', '--json'], environment);
    const report = JSON.parse(stdout) as { isClean: boolean; lines: { invariant: number; checked: number }[] };
    expect(report.isClean).toBe(true);
    expect(code).toBe(0);
    expect(new Set(report.lines.map((line) => line.invariant))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
    expect(report.lines.find((line) => line.invariant === 4)?.checked).toBeGreaterThan(0);
  });
});
