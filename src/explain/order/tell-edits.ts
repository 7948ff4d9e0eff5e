import { z } from 'zod';
import { groupBy, type Money } from '../../kernel/index.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import type { OrderFacts } from './order-facts.ts';

const shape = z.object({
  changes: z.array(z.object({ field: z.string(), old: z.unknown(), new: z.unknown() })),
});

type Change = z.infer<typeof shape>['changes'][number];

/** Fields whose change is told by the total; where the total stays, only that it is made up otherwise. */
const moneyFields = new Set([
  'linesMinor',
  'shippingMinor',
  'taxMinor',
  'discountMinor',
  'residualMinor',
  'receivableMinor',
  'presentmentTotalMinor',
]);

/** What a document changed, each thing that people care about once. */
export function tellChanges(facts: OrderFacts, data: unknown): Sentence[] {
  const parsed = shape.safeParse(data);
  if (!parsed.success) return [tell('edit.other', nothing)];
  const { changes } = parsed.data;
  const ofLines = changes.filter((change) => change.field.startsWith('lines.'));
  const ofOrder = changes.filter((change) => !change.field.startsWith('lines.'));
  const lines = [...groupBy(ofLines, (change) => lineKeyOf(facts, change.field))];
  return [...lines.flatMap(([externalId, own]) => tellLine(facts, externalId, own)), ...tellOrder(facts, ofOrder)];
}

/** `lines.<external id>` or `lines.<external id>.<field>`; the external id may itself hold dots. */
function lineKeyOf({ order }: OrderFacts, field: string): string {
  const rest = field.slice('lines.'.length);
  const known = order.lines
    .map((line) => line.externalId)
    .filter((id) => rest === id || rest.startsWith(`${id}.`))
    .toSorted((a, b) => b.length - a.length);
  return known[0] ?? rest;
}

function tellLine(facts: OrderFacts, externalId: string, changes: readonly Change[]): Sentence[] {
  const title = facts.order.lines.find((line) => line.externalId === externalId)?.title ?? externalId;
  const prefix = `lines.${externalId}`;
  const added = z.object({ quantity: z.number() }).safeParse(changes.find((one) => one.field === prefix)?.new);
  if (added.success) return [tell('edit.line_added', { title, quantity: added.data.quantity })];
  const quantity = numbersOf(changes, `${prefix}.quantity`);
  if (quantity !== null) return [tell('edit.quantity', { title, ...quantity })];
  const amount = numbersOf(changes, `${prefix}.amountMinor`);
  if (amount === null) return [tell('edit.line_other', { title })];
  return [tell('edit.line_amount', { title, from: moneyOf(facts, amount.from), to: moneyOf(facts, amount.to) })];
}

function tellOrder(facts: OrderFacts, changes: readonly Change[]): Sentence[] {
  const total = numbersOf(changes, 'totalMinor');
  const told: Sentence[] = [];
  if (total !== null) told.push(tell('edit.total', { from: moneyOf(facts, total.from), to: moneyOf(facts, total.to) }));
  else if (changes.some((change) => moneyFields.has(change.field))) told.push(tell('edit.money', nothing));
  const shipBy = changes.find((change) => change.field === 'shipBy');
  if (shipBy !== undefined) {
    told.push(tell('edit.ship_by', { to: typeof shipBy.new === 'string' ? new Date(shipBy.new) : null }));
  }
  const service = changes.find((change) => change.field === 'shippingService');
  if (service !== undefined) {
    told.push(tell('edit.service', { to: typeof service.new === 'string' ? service.new : null }));
  }
  if (changes.some((change) => change.field === 'buyerNote')) told.push(tell('edit.note', nothing));
  const own = new Set([...moneyFields, 'totalMinor', 'shipBy', 'shippingService', 'buyerNote']);
  if (told.length === 0 && changes.some((change) => !own.has(change.field))) told.push(tell('edit.other', nothing));
  return told;
}

function numbersOf(changes: readonly Change[], field: string): { from: number; to: number } | null {
  const change = changes.find((one) => one.field === field);
  return typeof change?.old === 'number' && typeof change.new === 'number'
    ? { from: change.old, to: change.new }
    : null;
}

function moneyOf({ order }: OrderFacts, minor: number): Money {
  return { minor, currency: order.currency };
}
