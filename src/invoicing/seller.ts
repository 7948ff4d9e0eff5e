import { z } from 'zod';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import type { AnyDb, Ctx } from '../platform/db/index.ts';
import { readSetting, writeSetting } from '../platform/settings/index.ts';
import { sellerFields } from './content.ts';
import { requeueParked } from './requeue-parked.ts';

const settingKey = 'invoicing.seller';

/** Who issues, and how days are counted and receivers kept. */
export const seller = z.object({
  legalName: z.string().trim().min(1).max(200),
  address: z.array(z.string().trim().min(1).max(200)).min(1).max(6),
  taxId: sellerFields.shape.taxId.trim().max(60).default(''),
  bank: sellerFields.shape.bank.trim().max(600).default(''),
  /** IANA name: which day an invoice is issued on, and which year it counts in. */
  timeZone: z.string().max(60).default('UTC'),
  keepReceiversYears: z.number().int().min(1).max(50).default(10),
});
export type Seller = z.infer<typeof seller>;

export const sellerMissing = 'invoice.seller_missing';

export async function readSeller(db: AnyDb): Promise<Seller | null> {
  const stored = await readSetting(db, settingKey);
  return stored === null ? null : seller.parse(stored);
}

/** What later invoices say of the seller; those that waited for it are due again. */
export async function changeSeller(ctx: Ctx, input: Seller): Promise<Seller> {
  authorise(ctx, 'invoices:write');
  checkTimeZone(input.timeZone);
  await writeSetting(ctx, settingKey, input);
  await writeAudit(ctx, {
    action: 'invoicing.seller_changed',
    subjectKind: 'setting',
    subjectId: settingKey,
    data: input,
  });
  await requeueParked(ctx, { code: sellerMissing });
  return input;
}

/** The seller, where invoices cannot be without one. Throws Fault `invoice.seller_missing`. */
export async function needSeller(db: AnyDb): Promise<Seller> {
  const found = await readSeller(db);
  if (found !== null) return found;
  throw new Fault('conflict', sellerMissing, {
    message: 'first say who issues the invoices: wharf invoice seller --name … --address …',
  });
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw invalidField('timeZone', 'time_zone.unknown', 'is not the name of a time zone (Asia/Shanghai)');
  }
}
