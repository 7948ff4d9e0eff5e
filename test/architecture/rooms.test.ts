import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { withPlants } from './plant.ts';
import { checkRooms, planCycle, readRoomPlan } from './rooms.ts';
import { projectRoot } from './source-files.ts';

const plan = readRoomPlan(path.join(projectRoot, 'config/rooms.json'));

test('every import stays within the plan of the rooms', () => {
  expect(checkRooms(projectRoot, plan)).toEqual([]);
});

test('the plan itself has no circle', () => {
  expect(planCycle(plan)).toBeNull();
  const bent = {
    ...plan,
    rooms: plan.rooms.map((room) => (room.name === 'kernel' ? { ...room, mayImport: ['orders'] } : room)),
  };
  expect(planCycle(bent)).toContain('kernel');
});

test('an empty walk fails', () => {
  expect(() => withPlants({ 'package.json': '{}' }, (root) => checkRooms(root, plan))).toThrow('no source files');
});

const doors = {
  'package.json': JSON.stringify({ dependencies: { zod: '4', hono: '4', pg: '8' }, devDependencies: { vitest: '4' } }),
  'src/kernel/index.ts': 'export const kernel = 1;',
  'src/connector-kit/index.ts': "export * from '../kernel/index.ts';",
  'src/platform/log/index.ts': 'export const log = 1;',
  'src/platform/db/index.ts': "export * from './context.ts';",
  'src/platform/db/context.ts': 'export const db = 1;',
  'src/stock/index.ts': "export * from './levels.ts';",
  'config/env.ts': 'export const env = 1;',
  'config/env.test.ts': "import './env.ts';",
  'src/stock/schema.ts': "import '../platform/db/columns.ts';",
  'src/orders/schema.ts': "import '../stock/schema.ts';",
  'src/platform/db/columns.ts': '',
  'src/stock/levels.ts': "import { db } from '../platform/db/index.ts';\nexport const levels = db;",
  'src/orders/index.ts': "export { levels } from '../stock/index.ts';",
  'src/inbound/index.ts': "export * from '../orders/index.ts';",
  'src/outbound/index.ts': "export * from '../orders/index.ts';",
  'connectors/acme/index.ts': "import 'zod';\nimport 'node:crypto';\nexport * from '../../src/connector-kit/index.ts';",
  'connectors/acme/fake.ts': "import 'hono';",
  'connectors/acme/acme.test.ts': "import 'vitest';\nimport '../../test/support/loopback.ts';",
  'test/support/loopback.ts': "import '../../src/stock/levels.ts';\nimport 'vitest';",
  'src/stock/levels.db.test.ts': "import '../platform/db/context.ts';\nimport '../../test/support/loopback.ts';",
};

const broken: readonly [title: string, file: string, text: string, problem: string][] = [
  [
    'a slice that looks up',
    'src/stock/up.ts',
    "import '../orders/index.ts';",
    'src/stock/up.ts:1: stock may not import orders',
  ],
  [
    'a type taken from above',
    'src/stock/up.ts',
    "type Up = import('../orders/index.ts').Up;",
    'stock may not import orders',
  ],
  [
    'a slice that enters past the door',
    'src/orders/deep.ts',
    "\nimport '../stock/levels.ts';",
    'src/orders/deep.ts:2: enters src/stock past its door',
  ],
  ['a re-export past the door', 'src/orders/deep.ts', "export * from '../stock/levels.ts';", 'past its door'],
  [
    'a platform folder entered past its door',
    'src/orders/deep.ts',
    "import '../platform/db/context.ts';",
    'enters src/platform/db past its door',
  ],
  [
    'a side door used by a verb',
    'src/orders/deep.ts',
    "import '../stock/schema.ts';",
    'enters src/stock past its door',
  ],
  ['a schema that looks up', 'src/catalog/schema.ts', "import '../stock/schema.ts';", 'catalog may not import stock'],
  [
    'inbound that knows outbound',
    'src/inbound/out.ts',
    "import '../outbound/index.ts';",
    'inbound may not import outbound',
  ],
  ['a kernel that knows a slice', 'src/kernel/bad.ts', "import '../stock/index.ts';", 'kernel may not import stock'],
  ['a kernel that uses a package', 'src/kernel/bad.ts', "import 'zod';", 'kernel may not import zod'],
  [
    'a connector that knows the hub',
    'connectors/acme/hub.ts',
    "import '../../src/platform/db/index.ts';",
    'connectors may not import platform',
  ],
  [
    'a connector that knows another',
    'connectors/shop/other.ts',
    "import '../acme/index.ts';",
    'connectors may not import connectors',
  ],
  ['a connector with files', 'connectors/acme/disk.ts', "import 'node:fs';", 'connectors may not import node:fs'],
  [
    'a connector that serves outside its fake',
    'connectors/acme/serve.ts',
    "import 'hono';",
    'connectors may not import hono',
  ],
  ['an import that leads nowhere', 'src/stock/lost.ts', "import './gone.ts';", './gone.ts does not exist'],
  ['an import without its extension', 'src/stock/lost.ts', "import './levels';", './levels does not exist'],
  ['a computed import', 'src/stock/lazy.ts', 'await import(String(Date.now()));', 'computed at run time'],
  ['a file in no room', 'src/stray.ts', '', 'src/stray.ts: belongs to no room'],
  ['a circle in the platform', 'src/platform/log/db.ts', "import '../db/index.ts';", 'in a circle'],
  [
    'a package nobody listed',
    'src/stock/lib.ts',
    "import 'left-pad/index.js';",
    'left-pad is not among the dependencies',
  ],
  ['a test tool in the product', 'src/stock/lib.ts', "import 'vitest';", 'vitest is not among the dependencies'],
  ['a builtin without its prefix', 'src/stock/lib.ts', "import 'fs';", 'fs lacks the node: prefix'],
  [
    'product code that uses test support',
    'src/stock/sup.ts',
    "import '../../test/support/loopback.ts';",
    'stock may not import test',
  ],
  ['a test that reaches up', 'src/stock/up.test.ts', "import '../orders/index.ts';", 'stock may not import orders'],
];

describe('the room check can fail', () => {
  test('a tree that keeps the plan has nothing to say', () => {
    expect(withPlants(doors, (root) => checkRooms(root, plan))).toEqual([]);
  });

  test.each(broken)('%s is reported', (_title, file, text, problem) => {
    const circle = file.includes('platform/log')
      ? { 'src/platform/db/context.ts': "export { log as db } from '../log/index.ts';" }
      : {};
    const problems = withPlants({ ...doors, ...circle, [file]: text }, (root) => checkRooms(root, plan));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});
