import { expect, test } from 'vitest';
import { createApp } from '../index.ts';
import { noDatabase } from '../../../../test/support/no-database.ts';
import { quietLog } from '../../../../test/support/quiet-log.ts';

const app = createApp({
  database: noDatabase,
  log: quietLog,
  authenticate: () => Promise.resolve({ kind: 'token', id: 't', name: 'clerk', scopes: ['*'] }),
});
app.post('/api/v1/echo', async (c) => c.json(await c.req.json()));

async function send(body: string, query = ''): Promise<{ status: number; paths: string[] }> {
  const answer = await app.request(`/api/v1/echo${query}`, {
    method: 'POST',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
    body,
  });
  const { fields = [] } = (await answer.json()) as { fields?: { path: string }[] };
  return { status: answer.status, paths: fields.map(({ path }) => path) };
}

test.each([
  ['a null character', String.raw`{"lines":[{"note":"a\u0000"}]}`, ['lines.0.note']],
  ['half a surrogate pair', String.raw`{"note":"\ud800x"}`, ['note']],
  ['a key with a null character', String.raw`{"a\u0000":1}`, ['(key)']],
  ['a text alone', String.raw`"\u0000"`, ['(body)']],
])('%s is refused by the name of its field', async (_, body, paths) => {
  expect(await send(body)).toEqual({ status: 400, paths });
});

test('so is one in the query, however deep the body is nested', async () => {
  expect(await send('{}', '?search=a%00b')).toEqual({ status: 400, paths: ['search'] });
  const deep = String.raw`${'['.repeat(5_000)}"\u0000"${']'.repeat(5_000)}`;
  expect((await send(deep)).status).toBe(400);
});

test('a whole surrogate pair, an escaped backslash and text that is no JSON are let through', async () => {
  expect((await send(String.raw`{"note":"\ud83d\ude00","path":"\\u0000"}`)).status).toBe(200);
  expect((await send(String.raw`{"note":"\u0000`)).status).not.toBe(200);
});
