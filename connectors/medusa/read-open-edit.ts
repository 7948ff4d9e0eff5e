import { z } from 'zod';
import { getMedusa, type MedusaIo } from './client.ts';
import { editMark } from './edit-mark.ts';

const wireChanges = z.looseObject({
  order_changes: z.array(z.looseObject({ status: z.string(), internal_note: z.string().nullish() })),
});

/** Whether an edit of the order is under way, and whose: an order takes one at a time. */
export async function readOpenEdit(io: MedusaIo, orderId: string): Promise<'none' | 'ours' | 'foreign'> {
  const path = `/orders/${encodeURIComponent(orderId)}/changes`;
  const query = [
    ['status[]', 'pending'],
    ['status[]', 'requested'],
  ] as const;
  const { order_changes: changes } = await getMedusa(io, path, query, wireChanges);
  const [open] = changes.filter((change) => change.status === 'pending' || change.status === 'requested');
  if (open === undefined) return 'none';
  return open.internal_note === editMark ? 'ours' : 'foreign';
}
