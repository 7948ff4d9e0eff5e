import { describe, expect, it } from 'vitest';
import { chaosFetch, type ChaosFetch } from './chaos-fetch.ts';

function layer(): { chaos: ChaosFetch; reached: string[] } {
  const reached: string[] = [];
  const inner: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    reached.push(`${request.method} ${await request.text()}`.trim());
    return new Response('done');
  };
  return { chaos: chaosFetch(inner, (request) => request.method !== 'GET'), reached };
}

const post = (chaos: ChaosFetch, body: string): Promise<Response> =>
  chaos.fetch('http://shop.test/', { method: 'POST', body });

describe('the chaos layer', () => {
  it('lets everything through until told otherwise, bodies intact', async () => {
    const { chaos, reached } = layer();
    expect(await (await post(chaos, 'a')).text()).toBe('done');
    await chaos.fetch('http://shop.test/');
    expect(reached).toEqual(['POST a', 'GET']);
  });

  it('loses the answer of the nth write, which the channel has seen', async () => {
    const { chaos, reached } = layer();
    chaos.set({ kind: 'lose_answer', write: 2 });
    await post(chaos, '1');
    await chaos.fetch('http://shop.test/');
    await expect(post(chaos, '2')).rejects.toMatchObject({ name: 'TimeoutError' });
    await post(chaos, '3');
    expect(reached).toEqual(['POST 1', 'GET', 'POST 2', 'POST 3']);
    expect(chaos.writes()).toBe(3);
  });

  it('loses the nth write itself, which the channel has not seen', async () => {
    const { chaos, reached } = layer();
    chaos.set({ kind: 'lose_request', write: 1 });
    await expect(post(chaos, '1')).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(reached).toEqual([]);
  });

  it('answers in the channel’s place, or breaks the connection', async () => {
    const { chaos, reached } = layer();
    chaos.set({ kind: 'answer', status: 429, headers: { 'retry-after': '1' } });
    expect((await post(chaos, 'a')).headers.get('retry-after')).toBe('1');
    chaos.set({ kind: 'cut' });
    await expect(post(chaos, 'a')).rejects.toThrow('fetch failed');
    expect(reached).toEqual([]);
  });

  it('answers writes alone where it is told so, with a body', async () => {
    const { chaos, reached } = layer();
    chaos.set({ kind: 'answer', status: 502, body: 'an error page', to: 'writes' });
    expect(await (await post(chaos, 'a')).text()).toBe('an error page');
    expect((await chaos.fetch('http://shop.test/')).status).toBe(200);
    expect(reached).toEqual(['GET']);
    expect([chaos.requests(), chaos.writes()]).toEqual([2, 1]);
  });

  it('holds the nth write back until it arrives, behind the later ones', async () => {
    const { chaos, reached } = layer();
    chaos.set({ kind: 'delay', write: 1 });
    await expect(post(chaos, 'older')).rejects.toMatchObject({ name: 'TimeoutError' });
    await post(chaos, 'newer');
    await chaos.arrive();
    await chaos.arrive();
    expect(reached).toEqual(['POST newer', 'POST older']);
  });

  it('brings the nth write twice, and does something just before another', async () => {
    const { chaos, reached } = layer();
    chaos.set({ kind: 'repeat', write: 1 });
    expect(await (await post(chaos, 'a')).text()).toBe('done');
    chaos.set({ kind: 'meanwhile', write: 1, happens: () => reached.push('meanwhile') });
    await post(chaos, 'b');
    expect(reached).toEqual(['POST a', 'POST a', 'meanwhile', 'POST b']);
  });
});
