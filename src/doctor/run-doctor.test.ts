import { expect, test } from 'vitest';
import { Fault } from '../kernel/index.ts';
import { bad, ok, warn, type DoctorCheck } from './finding.ts';
import { runDoctor } from './run-doctor.ts';

const check = (name: string, run: DoctorCheck['run'], timeoutMs = 1_000): DoctorCheck => ({
  name,
  title: name,
  timeoutMs,
  run,
});

test('the report is as bad as its worst line, and a line as its worst finding', async () => {
  const report = await runDoctor([
    check('a', async () => [ok('well')]),
    check('b', async () => [ok('well', 'x'), warn('not so well', 'do something', 'y')]),
    check('c', async () => [bad('ill', 'do it now')]),
  ]);
  expect(report.lines.map(({ verdict }) => verdict)).toEqual(['ok', 'warn', 'bad']);
  expect(report.verdict).toBe('bad');
});

test('a check that hangs is unknown after its own time-out, told to stop, and stops no other', async () => {
  let isStopped = false;
  const report = await runDoctor([
    check(
      'hangs',
      (signal) => {
        signal.addEventListener('abort', () => (isStopped = true));
        return new Promise(() => undefined);
      },
      20,
    ),
    check('well', async () => [ok('well')]),
  ]);
  expect(report.lines.map(({ verdict }) => verdict)).toEqual(['unknown', 'ok']);
  expect(report.lines[0]?.findings[0]?.found).toBe('no answer within 0.02 s');
  expect(isStopped).toBe(true);
});

test.each([
  [new Error('password=hunter2'), 'could not be looked at: Error'],
  [new Fault('not_found', 'shop.unknown', { message: 'no such shop' }), 'shop.unknown: no such shop'],
  [new Fault('unavailable', 'database.unreachable'), 'needs the database, which is away'],
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'needs the database, which is away'],
  [Object.assign(new Error('x'), { code: '42P01' }), 'needs tables that the database lacks'],
])('a check that throws is unknown, and no message of a driver is shown: %s', async (error, found) => {
  const report = await runDoctor([
    check('throws', () => {
      throw error;
    }),
  ]);
  expect(report.lines[0]?.findings).toEqual([{ verdict: 'unknown', subject: null, found, nextStep: null }]);
});
