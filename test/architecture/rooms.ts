import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { findCycle } from './find-cycle.ts';
import { readImports } from './read-imports.ts';
import { codeFolders, isTest, listFiles } from './source-files.ts';

const roomSchema = z.strictObject({
  name: z.string(),
  path: z.string(),
  mayImport: z.array(z.string()),
  doors: z.array(z.string()).default(['index.ts']),
  packages: z.array(z.string()).optional(),
  fakePackages: z.array(z.string()).default([]),
  computedImports: z.array(z.string()).default([]),
});

const planSchema = z.strictObject({
  comment: z.string(),
  sideDoors: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  rooms: z.array(roomSchema),
});

export type RoomPlan = z.infer<typeof planSchema>;

/** `home` is the folder (or file) that the room is; rooms of one rule with a `/*` path are several homes. */
type Room = z.infer<typeof roomSchema> & { readonly home: string };

export function readRoomPlan(file: string): RoomPlan {
  return planSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** A loop in who may import whom, as room names, or null. A room rule that may import its own name is no loop. */
export function planCycle(plan: RoomPlan): readonly string[] | null {
  const names = plan.rooms.filter((room) => !room.mayImport.includes('*')).map((room) => room.name);
  const allowed = new Map(plan.rooms.map((room) => [room.name, room.mayImport.filter((name) => name !== room.name)]));
  return findCycle(names, (name) => (allowed.get(name) ?? []).filter((next) => names.includes(next)));
}

/** What breaks the plan in the tree at `root`: one sentence each with file and line. Throws when it finds no file at all. */
export function checkRooms(root: string, plan: RoomPlan): string[] {
  const files = listFiles(root, codeFolders, ['.ts', '.tsx']);
  if (files.length === 0) throw new Error(`no source files below ${root}`);
  const packages = readPackages(root);
  const edges = new Map<string, Set<string>>();
  const problems: string[] = [];
  for (const file of files) {
    const room = roomOf(plan, file);
    if (room === null) problems.push(`${file}: belongs to no room`);
    else problems.push(...checkFile({ root, plan, packages, edges }, file, room));
  }
  const loop = findCycle([...edges.keys()], (home) => [...(edges.get(home) ?? [])]);
  if (loop !== null) problems.push(`rooms import each other in a circle: ${loop.join(' → ')}`);
  return problems;
}

type Walk = {
  readonly root: string;
  readonly plan: RoomPlan;
  readonly packages: { readonly runtime: Set<string>; readonly all: Set<string> };
  readonly edges: Map<string, Set<string>>;
};

function checkFile(walk: Walk, file: string, room: Room): string[] {
  const problems: string[] = [];
  for (const { specifier, line } of readImports(readFileSync(path.join(walk.root, file), 'utf8'), file)) {
    const problem = checkImport(walk, file, room, specifier);
    if (problem !== null) problems.push(`${file}:${line}: ${problem}`);
  }
  return problems;
}

function checkImport(walk: Walk, file: string, room: Room, specifier: string | null): string | null {
  if (specifier === null) {
    const isFree = isTest(file) || room.name === 'test' || room.computedImports.includes(file);
    return isFree ? null : 'imports a module computed at run time';
  }
  if (!specifier.startsWith('.')) return checkPackage(walk, file, room, specifier);
  const target = path.posix.join(path.posix.dirname(file), specifier.replace(/\?.*$/, ''));
  if (!/\.\w+$/.test(target) || !existsSync(path.join(walk.root, target))) return `${specifier} does not exist`;
  const other = roomOf(walk.plan, target);
  if (other === null) return /\.(ts|tsx|js|mjs)$/.test(target) ? `${specifier} belongs to no room` : null;
  if (other.home === room.home) return null;
  return checkNeighbour(walk, file, room, target, other);
}

function checkNeighbour(walk: Walk, file: string, room: Room, target: string, other: Room): string | null {
  const allowed = room.mayImport.includes('*') || room.mayImport.includes(other.name);
  const support = isTest(file) && target.startsWith('test/support/');
  if (!allowed && !support) return `${room.name} may not import ${other.name} (${target})`;
  if (isTest(file) || room.name === 'test') return null;
  if (opensSideDoor(walk.plan, file, target)) return null;
  walk.edges.set(room.home, (walk.edges.get(room.home) ?? new Set()).add(other.home));
  const isDoor = target === other.home || other.doors.some((door) => target === `${other.home}/${door}`);
  return isDoor ? null : `enters ${other.home} past its door (${target})`;
}

function opensSideDoor(plan: RoomPlan, file: string, target: string): boolean {
  return plan.sideDoors.some(
    ({ from, to }) => path.posix.basename(file) === from && path.posix.basename(target) === to,
  );
}

function checkPackage(walk: Walk, file: string, room: Room, specifier: string): string | null {
  const builtin = isBuiltin(specifier);
  if (builtin && !specifier.startsWith('node:')) return `${specifier} lacks the node: prefix`;
  const name = builtin ? specifier : packageName(specifier);
  if (mayUseTestPackages(file, room)) {
    return builtin || walk.packages.all.has(name) ? null : `${name} is not among the packages of package.json`;
  }
  if (!builtin && !walk.packages.runtime.has(name)) return `${name} is not among the dependencies of package.json`;
  if (room.packages === undefined) return null;
  const isFake = file.startsWith(`${room.home}/fake`);
  const allowed = isFake ? [...room.packages, ...room.fakePackages] : room.packages;
  return allowed.includes(name) ? null : `${room.name} may not import ${specifier}`;
}

function mayUseTestPackages(file: string, room: Room): boolean {
  return isTest(file) || room.name === 'test' || room.name === 'tooling' || isConformance(file);
}

function packageName(specifier: string): string {
  const segments = specifier.split('/');
  return segments.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The conformance suite and its chaos layer are test code; they live in the kit because they are the contract. */
function isConformance(file: string): boolean {
  return /^src\/connector-kit\/(conformance|testing)/.test(file);
}

function roomOf(plan: RoomPlan, file: string): Room | null {
  for (const room of plan.rooms) {
    const each = room.path.endsWith('/*');
    const base = each ? room.path.slice(0, -2) : room.path;
    if (file.replace(/\.test\.ts$/, '.ts') !== base && !file.startsWith(`${base}/`)) continue;
    const below = file.slice(base.length + 1).split('/');
    if (!each) return { ...room, home: base };
    if (below.length > 1) return { ...room, home: `${base}/${below[0]}` };
  }
  return null;
}

function readPackages(root: string): Walk['packages'] {
  const names = z.record(z.string(), z.string()).default({});
  const manifest = z
    .object({ dependencies: names, devDependencies: names })
    .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  const runtime = new Set(Object.keys(manifest.dependencies));
  return { runtime, all: new Set([...runtime, ...Object.keys(manifest.devDependencies)]) };
}
