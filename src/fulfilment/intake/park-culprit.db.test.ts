import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { soldOrder } from '../../../test/support/factories/channel-order.ts';
import { useDatabase } from '../../../test/support/database.ts';
import { openIntakeWorld } from '../../../test/support/factories/intake-world.ts';
import { rows } from '../../platform/db/index.ts';

const database = useDatabase();

/** From now on the database refuses the order `full` with this SQLSTATE. */
const refuse = (sqlState: string): Promise<unknown> =>
  database.run((ctx) =>
    rows(
      ctx.tx,
      sql`create or replace function refuse() returns trigger language plpgsql as ${sql.raw(`$$
          begin
            if new.external_id = 'full' then raise exception 'refused' using errcode = '${sqlState}'; end if;
            return new;
          end $$`)}`,
    ).then(() =>
      rows(
        ctx.tx,
        sql`create or replace trigger refuse before insert on orders for each row execute function refuse()`,
      ),
    ),
  );

it.each(['53100', '53200', '58030'])(
  'no order is to blame for trouble of the server (%s): the batch is tried again',
  async (sqlState) => {
    const world = await openIntakeWorld(database);
    await refuse(sqlState);
    await expect(world.takeIn([soldOrder('well')], [soldOrder('full')])).rejects.toThrow();
    await database.run((ctx) => rows(ctx.tx, sql`drop trigger refuse on orders`));
    const results = await world.takeIn([soldOrder('well')], [soldOrder('full')]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
  },
);

it('an order that the database refuses for its own sake is parked, and its neighbour is taken in', async () => {
  const world = await openIntakeWorld(database);
  await refuse('23514');
  const results = await world.takeIn([soldOrder('well')], [soldOrder('full')]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'parked']);
});
