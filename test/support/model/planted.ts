import { sql, type SQL } from 'drizzle-orm';
import { rows } from '../../../src/platform/db/index.ts';
import {
  cancelCommand,
  editQuantityCommand,
  holdCommand,
  orderCommand,
  repeatCommand,
  type OrderSeed,
} from './channel-commands.ts';
import { adjustCommand, advanceCommand, allocateCommand, receiveCommand, shipCommand } from './goods-commands.ts';
import { numberCommand } from './invoice-commands.ts';
import { mergeCommand, splitCommand, withdrawCommand } from './parcel-commands.ts';
import { channelRefundCommand, decideCommand, returnCommand } from './return-commands.ts';
import type { Command, Real } from './walk.ts';

/** A verb as peers write it: the verb of the last command, less what the statements take back of what it did. */
export type PlantedVerb = {
  /** Of DESIGN §8. */
  readonly invariant: number;
  readonly what: string;
  readonly walk: readonly Command[];
  readonly forgets: readonly SQL[];
};

const sold: OrderSeed = {
  shop: 0,
  lines: [[0, 3]],
  placed: 1,
  receiver: 0,
  shippingMinor: 490,
  residualMinor: 0,
  isPaid: true,
  hasNotice: false,
};
const order = (facts: Partial<OrderSeed> = {}): Command => orderCommand({ ...sold, ...facts });
const planned = [receiveCommand(0, 0, 9), order(), allocateCommand(50)];
const twoPlanned = [receiveCommand(0, 0, 9), order(), order({ placed: 2 }), allocateCommand(50)];
const shipped = [...planned, shipCommand(0)];
const returned = [...shipped, returnCommand(0, 2)];
/** Walks share their database: a plant touches what the last walk made. */
const ofOrder = sql`order_id = (select id from orders order by number desc limit 1)`;
const theOrder = sql`id = (select id from orders order by number desc limit 1)`;
const ofLevel = sql`sku_id = (select sku_id from stock_moves order by at desc, id desc limit 1)`;
const lastTwo = sql`(select id from orders order by number desc limit 2)`;
const waits = sql`(select part_id from stock_demand where quantity = 0 and order_id in ${lastTwo})`;
const newestParcel = sql`(select id from shipments order by number desc limit 1)`;

export const plantedVerbs: readonly PlantedVerb[] = [
  {
    invariant: 1,
    what: 'a loss that leaves reserved what is no longer there',
    walk: [...planned, adjustCommand(0, 0, -8)],
    forgets: [
      sql`alter table stock_levels drop constraint stock_levels_reserved_within_on_hand`,
      sql`update stock_levels set reserved = 3 where ${ofLevel}`,
    ],
  },
  {
    invariant: 2,
    what: 'a receipt that writes no move',
    walk: [receiveCommand(0, 0, 9)],
    forgets: [sql`delete from stock_moves where ${ofLevel}`],
  },
  {
    invariant: 2,
    what: 'a ship-out that leaves its units reserved',
    walk: shipped,
    forgets: [sql`update stock_levels set reserved = reserved + 3 where ${ofLevel}`],
  },
  {
    invariant: 2,
    what: 'a restocked return that names no return',
    walk: [...returned, decideCommand(0, 'restock', 1, 0)],
    forgets: [sql`update stock_moves set reference_id = null where reason = 'returned' and ${ofLevel}`],
  },
  {
    invariant: 3,
    what: 'an older document that is applied because it came',
    walk: [order(), editQuantityCommand(0, 0, 5), repeatCommand(0)],
    forgets: [
      sql`update order_line_parts set cancelled = 2 where ${ofOrder}`,
      sql`update stock_demand set quantity = 3 where ${ofOrder}`,
      sql`update order_lines set quantity = 3, amount_minor = 3297 where ${ofOrder}`,
      sql`update orders set lines_minor = 3297, total_minor = 3787 where ${theOrder}`,
    ],
  },
  {
    invariant: 4,
    what: 'a release that gives nothing back to demand',
    walk: [...planned, withdrawCommand(0, 2)],
    forgets: [sql`update stock_demand set quantity = 0 where ${ofOrder}`],
  },
  {
    invariant: 4,
    what: 'a hold that lets go of the claim',
    walk: [order(), holdCommand(0)],
    forgets: [sql`update stock_demand set quantity = 0 where ${ofOrder}`],
  },
  {
    invariant: 4,
    what: 'an allocator that does not go by rank',
    walk: [receiveCommand(0, 0, 3), order({ placed: 2 }), order({ placed: 1 }), allocateCommand(50)],
    forgets: [
      sql`update stock_demand set quantity = 3 - quantity where order_id in ${lastTwo}`,
      sql`update reservations set part_id = ${waits} where ${ofLevel}`,
      sql`update shipment_lines set (part_id, order_id) = (${waits}, (select order_id from order_line_parts where id = ${waits}))
          where shipment_id = ${newestParcel}`,
    ],
  },
  {
    invariant: 4,
    what: 'a merge that loses an order',
    walk: [...twoPlanned, mergeCommand(0, 2)],
    forgets: [
      sql`delete from reservations where part_id = (select part_id from shipment_lines where quantity = 3 order by id desc limit 1)
            and state = 'open'`,
    ],
  },
  {
    invariant: 4,
    what: 'a split that drops the units it takes off',
    walk: [...planned, splitCommand(0, 1)],
    forgets: [
      sql`delete from reservations where quantity = 1 and ${ofLevel} and state = 'open'`,
      sql`update stock_levels set reserved = reserved - 1 where ${ofLevel}`,
      sql`update shipment_lines set quantity = 0 where shipment_id = ${newestParcel}`,
    ],
  },
  {
    invariant: 4,
    what: 'a split that makes a picked parcel planned again',
    walk: [...planned, advanceCommand(0, false), advanceCommand(0, false), splitCommand(0, 1)],
    forgets: [sql`update shipments set state = 'planned' where id = ${newestParcel}`],
  },
  {
    invariant: 4,
    what: 'a cancel that keeps its units',
    walk: [...planned, cancelCommand(0)],
    forgets: [
      sql`update order_line_parts set cancelled = 0 where ${ofOrder}`,
      sql`update stock_demand set quantity = 3 where ${ofOrder}`,
      sql`update orders set fulfilment_state = 'open' where ${theOrder}`,
    ],
  },
  {
    invariant: 4,
    what: 'a return that does not count',
    walk: returned,
    forgets: [sql`update order_line_parts set returned = 0 where ${ofOrder}`],
  },
  {
    invariant: 5,
    what: 'an edit that keeps the total',
    walk: [order(), editQuantityCommand(0, 0, 2)],
    forgets: [
      sql`alter table orders drop constraint orders_total_adds_up`,
      sql`update orders set total_minor = total_minor + 1099 where ${theOrder}`,
    ],
  },
  {
    invariant: 5,
    what: 'a refund that is counted twice',
    walk: [order(), channelRefundCommand(0, 0, 0, 100)],
    forgets: [sql`update orders set refunded_minor = 200 where ${theOrder}`],
  },
  {
    invariant: 5,
    what: 'an invoice of another total than its order',
    walk: [...shipped, numberCommand()],
    forgets: [
      sql`alter table invoices disable trigger user`,
      sql`update invoices set total_minor = total_minor + 1 where ${ofOrder}`,
    ],
  },
  {
    invariant: 6,
    what: 'a number that changes and is not told',
    walk: [receiveCommand(0, 0, 9)],
    forgets: [sql`update listings set wanted_version = 1`],
  },
  {
    invariant: 6,
    what: 'demand that does not claim, so that its units are promised again',
    walk: [receiveCommand(0, 0, 9), order()],
    forgets: [sql`update stock_demand set claims = false where ${ofOrder}`],
  },
  {
    invariant: 4,
    what: 'a verb that leaves no word in the timeline',
    walk: [order(), holdCommand(0)],
    forgets: [sql`delete from order_timeline where kind = 'hold_placed' and ${ofOrder}`],
  },
  // The last: a gap stays for whoever numbers after it.
  {
    invariant: 5,
    what: 'an invoice number that nobody was given',
    walk: [...shipped, numberCommand()],
    forgets: [
      sql`alter table invoices disable trigger user`,
      sql`update invoices set serial = serial + 1 where ${ofOrder}`,
    ],
  },
];

/** Walks to the end; before the last command's outcome is looked at, its verb forgets. Throws where a walk finds a difference. */
export async function walkPlanted(
  { walk, forgets }: PlantedVerb,
  model: Parameters<Command['run']>[0],
  real: Real,
  forgetful: boolean,
): Promise<void> {
  for (const command of walk.slice(0, -1)) await command.run(model, real);
  const { observer, database } = real.world;
  let isFirst = true;
  const see = async (name: string) => {
    if (isFirst && forgetful)
      await database.run(async ({ tx }) => {
        for (const one of forgets) await rows(tx, one);
      });
    isFirst = false;
    return observer.see(name);
  };
  await walk.at(-1)?.run(model, { ...real, world: { ...real.world, observer: { ...observer, see } } });
}
