import { beforeAll, expect, it, vi } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import { soldOrder } from '../../../test/support/factories/channel-order.ts';
import { openIntakeWorld, type IntakeWorld } from '../../../test/support/factories/intake-world.ts';
import { useWharf } from '../../../test/support/wharf-here.ts';

const database = useDatabase();
const program = useWharf(database);
const wharf = (...words: string[]) => program.wharf('explain', ...words);
let first: IntakeWorld;
let second: IntakeWorld;

beforeAll(async () => {
  first = await openIntakeWorld(database);
  second = await openIntakeWorld(database);
  for (const world of [first, second]) await world.takeIn([soldOrder('same', { number: 'A-7' })]);
});
it('an order is found by the number that the buyer knows, of the shop that is named', async () => {
  await expect(wharf('order', 'A-7')).rejects.toMatchObject({
    code: 'order.ambiguous',
    message: expect.stringMatching(/1001 {2}A-7[^]*1002 {2}A-7|1002 {2}A-7[^]*1001 {2}A-7/) as string,
  });
  expect(await wharf('order', '1002', '--lang', 'en')).toMatch(
    /^Order 1002 · .*, no\. A-7 · EUR 10\.00\n\nWhere it stands\n/,
  );
  expect(await wharf('order', 'A-7', '--shop', first.shopId, '--lang', 'en')).toContain('Order 1001');
});

it('the language is that of the shell unless another is asked for', async () => {
  vi.stubEnv('LANG', 'zh_CN.UTF-8');
  expect(await wharf('order', '1001')).toContain('目前状态');
  vi.stubEnv('LANG', 'fr_FR.UTF-8');
  expect(await wharf('order', '1001')).toContain('Where it stands');
  await expect(wharf('order', '1001', '--lang', 'tlh')).rejects.toMatchObject({
    fields: [{ code: 'input.unknown_word' }],
  });
});

it('JSON has codes and data beside the texts', async () => {
  expect(JSON.parse(await wharf('order', '1001', '--json', '--lang', 'zh'))).toMatchObject({
    language: 'zh',
    title: {
      code: 'order.title',
      data: { number: 1001, externalNumber: 'A-7', total: { minor: 1_000, currency: 'EUR' } },
    },
  });
});

it('what is not there is named, with the next step', async () => {
  await expect(wharf('order', '99999')).rejects.toMatchObject({
    code: 'order.unknown',
    message: expect.stringContaining('Next: wharf order list') as string,
  });
  await expect(wharf('listing', 'NO-SUCH', '--shop', second.shopId)).rejects.toMatchObject({
    code: 'listing.unknown',
    message: expect.stringContaining('Next: wharf listing list') as string,
  });
});
