import type { OpenedReceiver } from '../orders/index.ts';
import type { Keyring } from '../platform/crypto/index.ts';
import { invoiceReceiver, type InvoiceReceiver } from './content.ts';
import type { InvoiceId } from './ids.ts';

const field = 'invoice_receivers.ciphertext';
const keyId = (invoiceId: InvoiceId): string => `invoice:${invoiceId}`;

/** What a document names of its receiver; null where the channel told nothing, or it was erased. */
export function receiverOf(opened: OpenedReceiver | undefined): InvoiceReceiver | null {
  const address = opened?.address() ?? null;
  if (opened === undefined || address === null) return null;
  const place = [address.postalCode, address.city].filter(Boolean).join(' ');
  const lines = [...address.lines, address.district, place, address.region, address.countryCode];
  return {
    name: address.name.trim(),
    company: address.company.trim(),
    address: lines.map((line) => line.trim()).filter((line) => line !== ''),
    isMasked: opened.sourcePolicy !== 'plain',
  };
}

export type SealedReceiver = { readonly ciphertext: Uint8Array; readonly dataKey: Uint8Array };

export function sealReceiver(keyring: Keyring, invoiceId: InvoiceId, receiver: InvoiceReceiver): SealedReceiver {
  const { wrapped, key } = keyring.newDataKey(keyId(invoiceId));
  return { ciphertext: key.seal(new TextEncoder().encode(JSON.stringify(receiver)), field), dataKey: wrapped };
}

/** Throws Fault `crypto.wrong_key`. Personal data: never logged. */
export function openReceiver(keyring: Keyring, invoiceId: InvoiceId, sealed: SealedReceiver): InvoiceReceiver {
  const plain = keyring.openDataKey(sealed.dataKey, keyId(invoiceId)).open(sealed.ciphertext, field);
  return invoiceReceiver.parse(JSON.parse(new TextDecoder().decode(plain)));
}
