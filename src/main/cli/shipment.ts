import { Command } from 'commander';
import {
  getShipment,
  listShipments,
  mergeShipments,
  shipOut,
  splitShipment,
  type ShipmentDetail,
  type ShipmentState,
} from '../../fulfilment/index.ts';
import { invalidField, pageSizeMax, type ShipmentLineId } from '../../kernel/index.ts';
import { findOneOrder, findShipment } from './find.ts';
import { inHub } from './in-hub.ts';
import { parseChoice, parseCount, parsePair } from './input.ts';
import { printJson, printOne, printRows, wantsJson } from './print.ts';
import { collect, subCommand } from './sub-command.ts';

const states = [
  'planned',
  'released',
  'picked',
  'packed',
  'labelled',
  'shipped',
  'cancelled',
] as const satisfies ShipmentState[];

export function shipmentCommand(): Command {
  return new Command('shipment')
    .description('shipments: list, show, ship out, split, merge')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(shipCommand())
    .addCommand(splitCommand())
    .addCommand(mergeCommand());
}

function listCommand(): Command {
  return subCommand('list', 'show the newest shipments', 'shipment list --state planned', 'shipment list --order 1001')
    .option('--state <state>', states.join(', '))
    .option('--order <no>', 'only those of one order')
    .action(async (options: { state?: string; order?: string }, command: Command) => {
      const { items } = await inHub(({ look }) =>
        look(async (db) => {
          const orderId = options.order === undefined ? undefined : (await findOneOrder(db, options.order)).orderId;
          const state = options.state === undefined ? undefined : parseChoice(options.state, states, '--state');
          return listShipments(
            db,
            { after: null, limit: pageSizeMax },
            { ...(orderId === undefined ? {} : { orderId }), ...(state === undefined ? {} : { state }) },
          );
        }),
      );
      printRows(command, items, [
        { title: 'NO', of: (shipment) => shipment.number },
        { title: 'STATE', of: (shipment) => shipment.state },
        { title: 'WAREHOUSE', of: (shipment) => shipment.warehouseCode },
        { title: 'ORDERS', of: (shipment) => shipment.orders.map(({ number }) => number).join(',') },
        { title: 'UNITS', of: (shipment) => shipment.units },
        { title: 'CARRIER', of: (shipment) => shipment.carrier },
        { title: 'TRACKING', of: (shipment) => shipment.trackingNumber },
        { title: 'SHIPPED', of: (shipment) => shipment.shippedAt },
      ]);
    });
}

function showCommand(): Command {
  return subCommand('show <no>', 'show a shipment with its lines', 'shipment show 12').action(
    async (no: string, _options: object, command: Command) => {
      show(command, await inHub(({ look }) => look((db) => findShipment(db, no))));
    },
  );
}

function shipCommand(): Command {
  return subCommand(
    'ship <no>',
    'goods leave: stock goes down, and every shop of its orders is told',
    'shipment ship 12 --carrier DHL --tracking JD014600000012',
  )
    .requiredOption('--carrier <name>', 'who carries it')
    .requiredOption('--tracking <number>', 'tracking number')
    .option('--url <url>', 'where the parcel can be followed')
    .action(async (no: string, options: { carrier: string; tracking: string; url?: string }, command: Command) => {
      const outcome = await inHub(async ({ look, change }) => {
        const { shipmentId, number } = await look((db) => findShipment(db, no));
        const tracking = {
          carrier: options.carrier,
          trackingNumber: options.tracking,
          trackingUrl: options.url ?? null,
        };
        const [shipped] = await change((ctx) => shipOut(ctx, [{ shipmentId, service: null, ...tracking }]));
        return { shipmentId, number, outcome: shipped?.outcome ?? 'unchanged' };
      });
      printOne(command, outcome);
    });
}

function splitCommand(): Command {
  return subCommand(
    'split <no>',
    'put some units into a second shipment; possible until packed',
    'shipment split 12 --line MUG-BLUE=2',
  )
    .requiredOption('--line <line=units>', 'line id or SKU code and SKU units; may be repeated', collect)
    .action(async (no: string, options: { line: string[] }, command: Command) => {
      const made = await inHub(async ({ look, change }) => {
        const shipment = await look((db) => findShipment(db, no));
        const lines = options.line.map((text) => {
          const [name, units] = parsePair(text, '--line');
          return { shipmentLineId: findLine(shipment, name), quantity: parseCount(units, '--line') };
        });
        const { shipmentId } = await change((ctx) => splitShipment(ctx, { shipmentId: shipment.shipmentId, lines }));
        return look((db) => getShipment(db, shipmentId));
      });
      if (made !== null) show(command, made);
    });
}

function findLine(shipment: ShipmentDetail, name: string): ShipmentLineId {
  const [found, ...others] = shipment.lines.filter((line) => line.shipmentLineId === name || line.skuCode === name);
  if (found === undefined || others.length > 0) {
    const message = `"${name}" names ${found === undefined ? 'no line' : 'several lines'}; wharf shipment show ${shipment.number} shows their ids`;
    throw invalidField('--line', 'shipment.line_unknown', message);
  }
  return found.shipmentLineId;
}

function mergeCommand(): Command {
  return subCommand(
    'merge <no...>',
    'put shipments of one warehouse and one receiver into the one with the lowest number',
    'shipment merge 12 15',
  ).action(async (numbers: string[], _options: object, command: Command) => {
    const merged = await inHub(async ({ look, change }) => {
      const found = await look((db) => Promise.all(numbers.map((no) => findShipment(db, no))));
      const { shipmentId } = await change((ctx) =>
        mergeShipments(ctx, { shipmentIds: found.map((shipment) => shipment.shipmentId) }),
      );
      return look((db) => getShipment(db, shipmentId));
    });
    if (merged !== null) show(command, merged);
  });
}

function show(command: Command, shipment: ShipmentDetail): void {
  if (wantsJson(command)) return printJson(shipment);
  const { lines, reasons: _reasons, orders, ...facts } = shipment;
  const numbers = new Map(orders.map(({ orderId, number }) => [orderId, number]));
  printOne(command, { ...facts, orders: [...numbers.values()].join(', ') });
  console.log('');
  printRows(command, lines, [
    { title: 'SKU', of: (line) => line.skuCode },
    { title: 'UNITS', of: (line) => line.quantity },
    { title: 'ORDER', of: (line) => numbers.get(line.orderId) ?? null },
    { title: 'LINE', of: (line) => line.shipmentLineId },
  ]);
}
