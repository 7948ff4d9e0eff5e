import { describe, expect, test } from 'vitest';
import { Fault } from '../../kernel/index.ts';
import { createLog } from './index.ts';

const canaries = {
  token: 'wharf_live_9f8e7d6c5b4a39281706f5e4d3c2b1a0',
  password: 'correct-horse-battery',
  email: 'mei.lin@example.com',
  phone: '+86 138 0013 8000',
  digits: '13800138000',
  address: 'Nanjing Road 100, Shanghai',
  name: 'Lin Mei',
};

function open(pretty = false) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', pretty, write: (line) => lines.push(line) });
  return { log, lines, text: () => lines.join('') };
}

function expectClean(text: string): void {
  for (const canary of Object.values(canaries)) expect(text).not.toContain(canary);
}

describe('what is written', () => {
  test('is one JSON line with the named fields, the time and the level', () => {
    const { log, lines } = open();
    log.info({ lane: 'outbound:018f', durationMs: 12, count: 3, isHeld: true }, 'drained');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      lane: 'outbound:018f',
      durationMs: 12,
      count: 3,
      isHeld: true,
      msg: 'drained',
    });
  });

  test('is one readable line on a terminal', () => {
    const { log, text } = open(true);
    log.warn({ lane: 'inbound', error: new Fault('unavailable', 'shop.away') }, 'a drain failed');
    expect(text()).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} warn {2}a drain failed {2}lane=inbound name=Fault code=shop.away kind=unavailable/,
    );
    expect(text().trimEnd()).not.toContain('\n');
  });

  test('carries the fields of its child', () => {
    const { log, lines } = open();
    log.child({ requestId: 'r-1', password: canaries.password }).debug({}, 'request');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ requestId: 'r-1', dropped: 1 });
  });
});

describe('what never gets out', () => {
  test('fields that are not on the list, whatever they are', () => {
    const { log, lines, text } = open();
    log.info({ ...canaries, body: canaries, headers: { authorization: canaries.token }, list: [canaries.email] }, 'm');
    expectClean(text());
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ dropped: 10 });
  });

  test('objects, arrays, addresses and tokens under a name that is on the list', () => {
    const { log, text } = open();
    for (const value of [canaries, [canaries.name], new Map([['a', canaries.token]])]) log.info({ shopId: value }, 'm');
    for (const reason of [canaries.email, canaries.token, canaries.phone, `?key=${canaries.password}`]) {
      log.info({ reason, lane: reason, code: reason }, 'm');
    }
    expectClean(text());
  });

  test('data, fields, causes and properties of an error', () => {
    const { log, text, lines } = open();
    const cause = Object.assign(new Error(`Key (email)=(${canaries.email}) already exists`), {
      detail: canaries.address,
    });
    const fault = new Fault('conflict', 'order.version_conflict', {
      message: `version of "${canaries.name}" moved`,
      data: canaries,
      fields: [{ path: 'receiver', code: 'x', message: canaries.address }],
      cause,
    });
    log.error({ error: Object.assign(fault, { response: canaries }) }, 'failed');
    expectClean(text());
    expect(JSON.parse(lines[0] ?? '').error).toMatchObject({
      name: 'Fault',
      kind: 'conflict',
      code: 'order.version_conflict',
      message: 'version of "…" moved',
      causes: ['Error'],
    });
  });

  test('what an error or a sentence quotes, addresses, numbers, tokens and URLs', () => {
    const { log, text } = open();
    const sentences = [
      `invalid input syntax for type uuid: "${canaries.token}"`,
      `cannot send to <${canaries.email}>`,
      `Bearer ${canaries.token} was refused`,
      `password=${canaries.password}`,
      `GET https://user:${canaries.password}@shop.example/a?token=${canaries.token} failed`,
      `phone ${canaries.digits} and ${canaries.phone}`,
      `got '${canaries.address}'`,
    ];
    for (const sentence of sentences) {
      log.error({ error: new Error(sentence) }, sentence);
      log.error({ err: new TypeError(sentence, { cause: new Error(sentence) }) }, 'm');
    }
    expectClean(text());
  });

  test('a thrown value that is no error', () => {
    const { log, lines, text } = open();
    log.error({ error: canaries }, 'failed');
    log.error({ error: canaries.token }, 'failed');
    expectClean(text());
    expect(JSON.parse(lines[0] ?? '').error).toEqual({ name: 'object' });
  });

  test('folders of the machine in a stack', () => {
    const { log, text } = open();
    log.error({ error: new Error('boom') }, 'failed');
    expect(text()).toContain('create-log.test.ts:');
    expect(text()).not.toContain(import.meta.dirname);
  });
});

test('a level below the set one is not written', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', pretty: false, write: (line) => lines.push(line) });
  log.info({}, 'quiet');
  expect(lines).toEqual([]);
});
