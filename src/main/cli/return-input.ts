import type { Command } from 'commander';
import { Fault, invalidField, isId, parseId, type OrderLineId } from '../../kernel/index.ts';
import type { AnyDb } from '../../platform/db/index.ts';
import { findReturn, getReturn, type LineDecision, type RefundWish, type ReturnDetail } from '../../returns/index.ts';
import { parseAmount, parseCount, parsePair } from './input.ts';

/** By id or number. */
export async function findOneReturn(db: AnyDb, text: string): Promise<ReturnDetail> {
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  const found = isId(text)
    ? await getReturn(db, parseId<'return'>(text, 'NO'))
    : number === undefined
      ? null
      : await findReturn(db, Number(number));
  if (found !== null) return found;
  const message = `There is no return "${text}".\n  Next: wharf return list --state all shows the returns.`;
  throw new Fault('not_found', 'return.not_found', { message });
}

type NamedLine = {
  readonly orderLineId: OrderLineId;
  readonly returnLineId?: string;
  readonly externalId?: string;
  readonly skuCode: string | null;
};

/** Lines that people name by id, id on the channel or SKU code, with units: `MUG-BLUE=2`. */
export function readLines<Line extends NamedLine>(
  lines: readonly Line[],
  texts: readonly string[],
  hint: string,
): { readonly line: Line; readonly quantity: number }[] {
  return texts.map((text) => {
    const [name, units] = parsePair(text, '--line');
    const [line, ...others] = lines.filter((one) =>
      [one.returnLineId, one.orderLineId, one.externalId, one.skuCode].includes(name),
    );
    if (line === undefined || others.length > 0) {
      const what = line === undefined ? 'no line' : 'several lines';
      throw invalidField('--line', 'return.line_unknown', `"${name}" names ${what}; ${hint}`);
    }
    return { line, quantity: parseCount(units, '--line') };
  });
}

/** What is decided about the lines named, or about whatever waits. */
export function readDecisions(
  found: ReturnDetail,
  texts: readonly string[] | null,
  facts: Pick<LineDecision, 'decision' | 'warehouseId' | 'note'>,
): LineDecision[] {
  const named =
    texts === null
      ? found.lines.filter((line) => line.waiting > 0).map((line) => ({ line, quantity: line.waiting }))
      : readLines(found.lines, texts, `wharf return show ${found.number} shows their ids`);
  return named.map(({ line, quantity }) => ({ ...facts, returnLineId: line.returnLineId, quantity }));
}

export type WishOptions = { readonly refund?: boolean; readonly amount?: string; readonly shipping?: boolean };

/** The options of a command that may ask to pay money back; `isAsked` where it asks by its name. */
export function wishOptions(command: Command, { isAsked = false } = {}): Command {
  if (!isAsked) command.option('--refund', 'ask the channel to pay the units back');
  return command
    .option('--amount <amount>', "another amount, in major units of the order's currency")
    .option('--shipping', 'shipping too');
}

/** Null where no refund is asked for. */
export function readWish(options: WishOptions, currency: string): RefundWish | null {
  if (options.refund !== true) {
    if (options.amount === undefined && options.shipping !== true) return null;
    throw invalidField('--refund', 'return.refund_not_asked', 'is missing: --amount and --shipping are of a refund');
  }
  return {
    amount: options.amount === undefined ? null : { minor: parseAmount(options.amount, currency), currency },
    includesShipping: options.shipping === true,
    reason: null,
  };
}
