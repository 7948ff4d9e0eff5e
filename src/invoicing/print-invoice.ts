import type { Keyring } from '../platform/crypto/index.ts';
import type { AnyDb } from '../platform/db/index.ts';
import type { InvoiceId } from './ids.ts';
import type { InvoiceToPrint, PrintedInvoice } from './pdf/render-invoice.ts';
import { getInvoice, readInvoiceReceiver } from './queries.ts';

/**
 * The PDF of an invoice, from what was frozen when it was issued; not kept. Drawn after the read is over: no connection waits
 * for it. Throws Fault `invoice.unknown`.
 */
export async function printInvoice(
  read: <T>(body: (db: AnyDb) => Promise<T>) => Promise<T>,
  keyring: Keyring,
  id: InvoiceId,
): Promise<PrintedInvoice & { readonly number: string }> {
  const invoice = await read(async (db): Promise<InvoiceToPrint> => {
    const { number, issuedAt, content } = await getInvoice(db, { id });
    return { number, issuedAt, content, receiver: await readInvoiceReceiver(db, keyring, id) };
  });
  // Fonts and drawing take a quarter of a second to load: paid by the first document, not by every command.
  const { renderInvoice } = await import('./pdf/render-invoice.ts');
  return { number: invoice.number, ...(await renderInvoice(invoice)) };
}
