import { ChannelFault } from '../../connector-kit/index.ts';
import { Fault } from '../../kernel/index.ts';

/** What a person can type next, by the stable code of what went wrong. */
const nextSteps: Readonly<Record<string, string>> = {
  'channel.unknown': 'wharf shop channels lists what can be connected.',
  'shop.bad_settings': 'wharf shop channels shows the settings of each channel; give them with --set key=value.',
  'shop.credentials_refused': 'Check the credentials at the channel and run the command again.',
  'shop.unreachable': 'Check the address; one on a private network must be listed in WHARF_PRIVATE_ORIGINS.',
  'shop.unknown': 'wharf shop list shows the shops.',
  'shop.not_found': 'wharf shop list shows the shops.',
  'shop.removed': 'Connect it again: wharf shop connect --help.',
  'location.unknown': 'wharf shop locations SHOP shows the locations.',
  'location.warehouse_taken': 'A warehouse stands for one location of a shop; map the other one elsewhere first.',
  'listing.unknown': 'wharf listing list shows the listings.',
  'sku.unknown': 'wharf stock sku list shows the SKUs; wharf stock sku add makes one.',
  'sku.code_taken': 'wharf stock sku list --search CODE shows who has it.',
  'barcode.taken': 'wharf stock sku list --search BARCODE shows who has it.',
  'warehouse.unknown': 'wharf stock warehouses lists the warehouses.',
  'warehouse.code_taken': 'Choose another code; wharf stock warehouses lists the taken ones.',
  'stock.loss_in_parcels': 'Unpack or ship the parcels named above first.',
  'order.not_cancellable': 'wharf order show NO shows what is open of each line.',
  'order.already_cancelled': 'Nothing is left to do.',
  'refund.too_much': 'wharf order show NO shows what was paid and refunded.',
  'shipment.not_mergeable': 'wharf shipment show NO shows warehouse, state and orders of each.',
  'shipment.already_shipped': 'wharf shipment show NO shows the tracking it went out with.',
  'shipment.order_blocked': 'wharf order show NO shows the holds; wharf order release NO --kind KIND lifts one.',
  'delivery.unknown': 'wharf delivery list SHOP shows what was sent.',
  'token.unknown': 'wharf token list shows the tokens.',
  'input.invalid': 'The command with --help shows what it takes.',
};

/** The same fault, whose message ends with the next step where there is one. */
export function withNextStep(error: unknown): unknown {
  if (error instanceof ChannelFault) {
    const message = `the channel: ${error.message}\n  Next: wharf shop show SHOP shows the shop's health; run the command again later.`;
    return new Fault('unavailable', `channel.${error.kind}`, { message, cause: error });
  }
  if (!(error instanceof Fault)) return error;
  const step = nextSteps[error.code];
  if (step === undefined || error.message.includes(step)) return error;
  return new Fault(error.kind, error.code, {
    message: `${error.message}\n  Next: ${step}`,
    data: error.data,
    fields: error.fields,
    cause: error,
    ...(error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}
