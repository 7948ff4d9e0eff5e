import type { Command } from 'commander';
import { listShipments, type ShipmentItem } from '../../fulfilment/index.ts';
import { listInvoicesOfOrder, type InvoiceItem } from '../../invoicing/index.ts';
import { moneyFromDecimal, moneyToDecimal, pageSizeMax } from '../../kernel/index.ts';
import type { OrderDetail } from '../../orders/index.ts';
import { findAnnouncements, findChannelRequests } from '../../outbound/index.ts';
import { listReturns, type ReturnItem } from '../../returns/index.ts';
import { findOneOrder } from './find.ts';
import { inHub } from './in-hub.ts';
import { printJson, printOne, printRows, wantsJson } from './print.ts';
import { subCommand } from './sub-command.ts';

type Whole = {
  readonly order: OrderDetail;
  readonly shipments: readonly ShipmentItem[];
  readonly announcements: Awaited<ReturnType<typeof findAnnouncements>>;
  readonly requests: Awaited<ReturnType<typeof findChannelRequests>>;
  readonly returns: readonly ReturnItem[];
  readonly invoices: readonly InvoiceItem[];
};

export function showCommand(): Command {
  return subCommand(
    'show <no>',
    'show an order: lines, money, holds, shipments, what the channel was told, returns, invoices, timeline',
    'order show 1001',
    'order show "#A-1001" --json',
  ).action(async (no: string, _options: object, command: Command) => {
    const whole = await inHub(({ look }) =>
      look(async (db): Promise<Whole> => {
        const order = await findOneOrder(db, no);
        const { orderId } = order;
        return {
          order,
          shipments: (await listShipments(db, { after: null, limit: pageSizeMax }, { orderId })).items,
          announcements: await findAnnouncements(db, orderId),
          requests: await findChannelRequests(db, orderId),
          returns: (await listReturns(db, { after: null, limit: pageSizeMax }, { orderId })).items,
          invoices: await listInvoicesOfOrder(db, orderId),
        };
      }),
    );
    if (wantsJson(command)) printJson(whole);
    else print(command, whole);
  });
}

function print(command: Command, whole: Whole): void {
  printHead(command, whole.order);
  printLines(command, whole.order);
  printHolds(command, whole.order);
  printShipments(command, whole);
  printRequests(command, whole);
  printReturns(command, whole);
  printInvoices(command, whole);
  heading('Timeline');
  printRows(command, whole.order.timeline, [
    { title: 'AT', of: (entry) => entry.at },
    { title: 'WHAT', of: (entry) => entry.kind },
    { title: 'BY', of: (entry) => `${entry.actorKind}:${entry.actorId}` },
    { title: 'DETAILS', of: (entry) => JSON.stringify(entry.data) },
  ]);
}

function printHead(command: Command, order: OrderDetail): void {
  const { currency, receiver } = order;
  const amount = (minor: number): string => `${moneyToDecimal({ minor, currency })} ${currency}`;
  printOne(command, {
    order: order.number,
    channelNumber: order.externalNumber,
    placed: order.placedAt,
    payment: order.paymentState,
    fulfilment: order.fulfilmentState,
    cancelled: order.cancelledAt,
    receiver:
      receiver === null ? null : [receiver.name, receiver.city, receiver.countryCode].filter(Boolean).join(', '),
    lines: amount(order.linesMinor),
    shipping: amount(order.shippingMinor),
    discount: amount(order.discountMinor),
    tax: `${amount(order.taxMinor)} (${order.pricesIncludeTax ? 'included' : 'added'})`,
    residual: amount(order.residualMinor),
    total: amount(order.totalMinor),
    ...(order.chargedTotal === null ? {} : { charged: charged(order.chargedTotal, currency) }),
    refunded: amount(order.refundedMinor),
  });
}

/** Every decimal that the channel charged, and what rounding took off. */
function charged(total: string, currency: string): string {
  return `${total} ${currency} (rounded off: ${moneyFromDecimal(total, currency).residual})`;
}

function printLines(command: Command, order: OrderDetail): void {
  heading('Lines');
  printRows(command, order.lines, [
    { title: 'TITLE', of: (line) => line.title },
    { title: 'CHANNEL SKU', of: (line) => line.skuCode },
    { title: 'UNITS', of: (line) => line.quantity },
    { title: 'CANCELLED', of: (line) => line.cancelledQuantity },
    { title: 'SHOWN SHIPPED', of: (line) => line.channelFulfilledQuantity },
    { title: 'AMOUNT', of: (line) => moneyToDecimal({ minor: line.amountMinor, currency: order.currency }) },
    {
      title: 'PARTS (SHIPPED/ORDERED)',
      of: ({ parts, isWaiting }) =>
        isWaiting
          ? 'waits for a mapping'
          : parts.map((part) => `${part.skuCode} ${part.shipped}/${part.ordered}`).join(', '),
    },
    { title: 'ID', of: (line) => line.orderLineId },
  ]);
}

function printHolds(command: Command, order: OrderDetail): void {
  heading('Holds');
  printRows(command, order.holdHistory, [
    { title: 'KIND', of: (hold) => hold.kind },
    { title: 'PLACED', of: (hold) => hold.placedAt },
    { title: 'RELEASED', of: (hold) => hold.releasedAt },
    { title: 'BY', of: (hold) => hold.releasedBy },
  ]);
}

function printShipments(command: Command, { shipments, announcements }: Whole): void {
  heading('Shipments');
  const told = new Map(announcements.map((announcement) => [announcement.shipmentId, announcement]));
  printRows(command, shipments, [
    { title: 'NO', of: (shipment) => shipment.number },
    { title: 'STATE', of: (shipment) => shipment.state },
    { title: 'WAREHOUSE', of: (shipment) => shipment.warehouseCode },
    { title: 'UNITS', of: (shipment) => shipment.units },
    { title: 'TRACKING', of: (shipment) => shipment.trackingNumber },
    { title: 'TOLD THE CHANNEL', of: (shipment) => told.get(shipment.shipmentId)?.state ?? null },
    { title: 'AT', of: (shipment) => told.get(shipment.shipmentId)?.announcedAt ?? null },
  ]);
}

function printRequests(command: Command, { order, requests }: Whole): void {
  if (requests.length === 0) return;
  heading('Asked of the channel');
  printRows(command, requests, [
    { title: 'KIND', of: (request) => request.kind },
    { title: 'STATE', of: (request) => request.state },
    {
      title: 'AMOUNT',
      of: ({ amountMinor: minor }) => (minor === null ? null : moneyToDecimal({ minor, currency: order.currency })),
    },
    { title: 'REASON', of: (request) => request.reason },
    { title: 'ASKED', of: (request) => request.createdAt },
    { title: 'FINISHED', of: (request) => request.finishedAt },
  ]);
}

function printReturns(command: Command, { returns }: Whole): void {
  if (returns.length === 0) return;
  heading('Returns (wharf return show NO)');
  printRows(command, returns, [
    { title: 'NO', of: (each) => each.number },
    { title: 'STATE', of: (each) => each.state },
    { title: 'UNITS', of: (each) => each.units },
    { title: 'WAITING', of: (each) => each.waitingUnits },
    { title: 'REASON', of: (each) => each.reason },
  ]);
}

function printInvoices(command: Command, { invoices }: Whole): void {
  if (invoices.length === 0) return;
  heading('Invoices (wharf invoice show NUMBER, wharf invoice pdf NUMBER)');
  printRows(command, invoices, [
    { title: 'NUMBER', of: (invoice) => invoice.number },
    { title: 'KIND', of: (invoice) => invoice.kind },
    { title: 'DATE', of: (invoice) => invoice.issuedOn },
    { title: 'TOTAL', of: ({ totalMinor: minor, currency }) => `${moneyToDecimal({ minor, currency })} ${currency}` },
    { title: 'CORRECTS', of: (invoice) => invoice.corrects },
  ]);
}

function heading(text: string): void {
  console.log(`\n${text}`);
}
