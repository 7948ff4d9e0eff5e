import { expect, test } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import { readSetting, writeSetting } from './index.ts';

const database = useDatabase();

test('a value is read as it was written, newest wins, on both drivers; what was never written is null', async () => {
  for (const value of [{ currency: 'EUR', zones: ['a'] }, 'text', 42, true, ['x', null]]) {
    await database.run((ctx) => writeSetting(ctx, 'company', value));
    expect(await database.read((db) => readSetting(db, 'company'))).toEqual(value);
    expect(await database.run((ctx) => readSetting(ctx.tx, 'company'))).toEqual(value);
  }
  expect(await database.read((db) => readSetting(db, 'never'))).toBeNull();
});
