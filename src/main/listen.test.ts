import { expect, test } from 'vitest';
import { noDatabase } from '../../test/support/no-database.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import { createApp } from '../platform/http/index.ts';
import { listen } from './listen.ts';

test('every answer carries the strictest headers over the network too, and what a page sets itself stands', async () => {
  const own = createApp({ database: noDatabase, log: quietLog, authenticate: () => Promise.resolve(null) });
  own.get('/page', (c) => c.html('<p>', 200, { 'Content-Security-Policy': "default-src 'self'" }));
  own.get('/set', (c) => {
    c.header('Cache-Control', 'max-age=60');
    return c.text('kept');
  });
  const served = await listen(own.fetch, { host: '127.0.0.1', port: 0 });
  const headersOf = async (path: string): Promise<Headers> => {
    const response = await fetch(`${served.origin}${path}`, { headers: { 'x-request-id': 'req-12345678' } });
    await response.arrayBuffer();
    return response.headers;
  };
  const [page, set, nowhere] = [await headersOf('/page'), await headersOf('/set'), await headersOf('/nowhere')];
  await served.close();
  expect(page.get('content-security-policy')).toBe("default-src 'self'");
  expect(page.get('cache-control')).toBe('no-store');
  expect(set.get('cache-control')).toBe('max-age=60');
  expect(nowhere.get('content-security-policy')).toContain("default-src 'none'");
  for (const headers of [page, set, nowhere]) {
    expect([headers.get('x-request-id'), headers.get('x-frame-options')]).toEqual(['req-12345678', 'DENY']);
  }
});
