import {
  changeRule,
  changeSeller,
  invoicingChecks,
  listInvoices,
  numberInvoices,
  type InvoiceItem,
  type RuleChange,
} from '../../../src/invoicing/index.ts';
import { runCheck } from '../../../src/platform/invariant/index.ts';
import type { TestDatabase } from '../database.ts';
import { openIntakeWorld, type IntakeWorld } from './intake-world.ts';

export const someSeller = {
  legalName: '鑫源贸易（深圳）有限公司',
  address: ['深圳市南山区科技园髙新南一道8号', '518057 深圳'],
  taxId: '91440300MA5EXAMPLE',
  bank: '招商银行深圳科技园支行\n账号 755900001010101',
  timeZone: 'Asia/Shanghai',
  keepReceiversYears: 10,
};

export type InvoicingWorld = IntakeWorld & {
  /** Numbers all that is due. */
  number(): Promise<void>;
  invoicesOf(externalId: string): Promise<InvoiceItem[]>;
};

/** A shop whose orders placed since 2026 are invoiced by `rule`; the database needs the invoices marker. */
export async function openInvoicingWorld(database: TestDatabase, rule: RuleChange): Promise<InvoicingWorld> {
  const world = await openIntakeWorld(database);
  await database.run(async (ctx) => {
    await changeSeller(ctx, someSeller);
    await changeRule(ctx, world.shopId, { ordersSince: new Date('2026-01-01T00:00:00Z'), ...rule });
  });
  return {
    ...world,
    async number() {
      while ((await database.run((ctx) => numberInvoices(ctx, world.deps, 100))).more);
    },
    async invoicesOf(externalId) {
      const { orderId } = await world.read(externalId);
      const { items } = await database.read((db) => listInvoices(db, { after: null, limit: 100 }, { orderId }));
      return items.toReversed();
    },
  };
}

/** What the audit of the invoices finds. */
export async function findInvoicingDifferences(database: TestDatabase): Promise<string[]> {
  const found: string[] = [];
  for (const check of invoicingChecks) {
    const { differences } = await database.read((db) => runCheck(db, check));
    found.push(...differences.map((each) => `${check.name} ${each.subject}: ${each.expected}, ${each.found}`));
  }
  return found;
}
