import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadEnv } from './env.ts';

const checkout = join(import.meta.dirname, '..');

test('without any variable everything has a default', () => {
  expect(loadEnv({})).toEqual({
    databaseUrl: null,
    databaseReadUrl: null,
    redisUrl: null,
    port: 3000,
    host: '127.0.0.1',
    publicUrl: null,
    demo: null,
    varDir: join(checkout, 'var'),
    masterKey: null,
    privateOrigins: [],
    backupDir: join(checkout, 'var/backups'),
    backupCron: '17 3 * * *',
    backupKeep: { days: 7, weeks: 4 },
    toolPath: '/usr/local/bin:/usr/bin:/bin',
    locale: '',
    metricsToken: null,
    metricsPort: null,
    logLevel: 'info',
    testDatabaseUrl: null,
    testRedisUrl: null,
    testFigures: 'fast',
    testTable: null,
    ci: false,
  });
});

test('an empty variable is the same as an unset one', () => {
  expect(loadEnv({ DATABASE_URL: '', PORT: '', WHARF_DEMO: '', LOG_LEVEL: '', CI: '' })).toEqual(loadEnv({}));
});

test('what is set is read into its type', () => {
  const env = loadEnv({
    DATABASE_URL: 'postgresql://wharf:pw@db/wharf',
    PORT: '0',
    PUBLIC_URL: 'https://wharf.example.com/',
    WHARF_DEMO: '0',
    WHARF_VAR_DIR: '/data',
    WHARF_MASTER_KEY: Buffer.alloc(32).toString('base64'),
    WHARF_PRIVATE_ORIGINS: 'http://192.168.1.20:9000/, http://localhost:80 ,',
    CI: 'true',
  });
  expect(env).toMatchObject({
    port: 0,
    publicUrl: 'https://wharf.example.com',
    demo: false,
    varDir: '/data',
    privateOrigins: ['http://192.168.1.20:9000', 'http://localhost'],
    ci: true,
  });
});

test('one error names every bad variable and shows no secret', () => {
  const load = (): unknown =>
    loadEnv({
      DATABASE_URL: 'mysql://user:hunter2@db/x',
      PORT: '99999',
      WHARF_DEMO: 'yes',
      WHARF_MASTER_KEY: 'c2hvcnQ=',
      WHARF_PRIVATE_ORIGINS: 'http://ok,http://host/path',
      LOG_LEVEL: 'loud',
    });
  expect(load).toThrow(
    /DATABASE_URL: .*\n {2}PORT: .*\n {2}WHARF_DEMO: .*\n {2}WHARF_MASTER_KEY: .*\n {2}WHARF_PRIVATE_ORIGINS: .*http:\/\/host\/path.*\n {2}LOG_LEVEL: /,
  );
  expect(load).not.toThrow(/hunter2|c2hvcnQ/);
});

test('the example names every variable and is itself a valid environment', () => {
  const text = readFileSync(join(checkout, 'config/.env.example'), 'utf8');
  const example = Object.fromEntries(
    [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const source = readFileSync(join(checkout, 'config/env.ts'), 'utf8');
  const read = [...source.matchAll(/^ {2}([A-Z_]+): setting\(/gm)].map(([, name]) => name);
  expect(read.length).toBeGreaterThan(10);
  // CI is set by build servers, not by an operator.
  expect(new Set(read.filter((name) => name !== 'CI'))).toEqual(new Set(Object.keys(example)));
  expect(loadEnv(example)).toEqual(loadEnv({}));
});

test('the locale is what the shell puts first: LC_ALL, LC_MESSAGES, LANG', () => {
  expect(loadEnv({ LANG: 'zh_CN.UTF-8' }).locale).toBe('zh_CN.UTF-8');
  expect(loadEnv({ LC_ALL: '', LC_MESSAGES: 'en_GB.UTF-8', LANG: 'zh_CN.UTF-8' }).locale).toBe('en_GB.UTF-8');
  expect(loadEnv({ LC_ALL: 'C.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }).locale).toBe('C.UTF-8');
});
