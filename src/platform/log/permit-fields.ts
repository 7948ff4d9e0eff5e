import { describeError } from './describe-error.ts';
import type { LogFields } from './log.ts';
import { isPlain } from './mask-text.ts';

/** Fields that may carry text: ids, codes and names of ours. A person's name, an address or a URL has no place here. */
const permittedText = new Set([
  'requestId',
  'actorId',
  'tokenId',
  'shopId',
  'shop',
  'channel',
  'connector',
  'productId',
  'skuId',
  'sku',
  'listingId',
  'warehouseId',
  'orderId',
  'orderNumber',
  'orderLineId',
  'partId',
  'shipmentId',
  'shipmentNumber',
  'reservationId',
  'exceptionId',
  'announcementId',
  'channelRequestId',
  'eventId',
  'inboxEventId',
  'externalId',
  'orderExternalId',
  'listingExternalId',
  'locationExternalId',
  'lane',
  'kind',
  'subjectKind',
  'stream',
  'topic',
  'intent',
  'step',
  'queue',
  'worker',
  'backend',
  'task',
  'slot',
  'migration',
  'database',
  'role',
  'method',
  'route',
  'code',
  'reason',
  'outcome',
  'state',
  'from',
  'to',
  'action',
  'scope',
  'sqlState',
  'seal',
  'constraint',
  'marker',
  'currency',
  'signal',
  'file',
  'dir',
  'at',
  'since',
  'until',
  'retryAt',
  'dueAt',
  'mode',
  'command',
  'check',
  'seed',
  'nodeVersion',
]);

/** Whole counts and measures: a number under such a name says nothing about a person. */
const permittedNumber = new Set([
  'status',
  'count',
  'attempt',
  'attempts',
  'retries',
  'failures',
  'port',
  'pid',
  'position',
  'version',
]);
const measure =
  /(?:Ms|Bytes|Count|Max|Min|Size|Units|Lines|Orders|Listings|Shipments|Events|Rows|Batches|Version|Seconds)$/;
const counted =
  /^(?:created|updated|unchanged|older|parked|superseded|assigned|short|deleted|stored|read|told|failed|applied|waiting|waited|more|total|done|skipped|orders|lines|listings|shipments|events|rows|items|units|pages|skus|lanes|batch|batches|seen|closed|opened)$/;

const errorFields = new Set(['error', 'err', 'cause', 'fault']);

/**
 * What of these fields may be written: flat, named on the list, and plain. Everything else is left out, nested objects too;
 * `dropped` counts what was left out, so that a missing field is not a riddle.
 */
export function permitFields(fields: LogFields): Record<string, unknown> {
  const permitted: Record<string, unknown> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const kept = errorFields.has(name) ? describeError(value) : permit(name, value);
    if (kept === undefined) dropped += 1;
    else permitted[errorFields.has(name) ? 'error' : name] = kept;
  }
  if (dropped > 0) permitted['dropped'] = dropped;
  return permitted;
}

function permit(name: string, value: unknown): string | number | boolean | null | undefined {
  if (permittedText.has(name)) return permitText(value);
  const isPermitted = permittedNumber.has(name) || measure.test(name) || counted.test(name);
  if (isPermitted && (typeof value === 'number' || typeof value === 'bigint')) return Number(value);
  return typeof value === 'boolean' && (isPermitted || /^(?:is|has)[A-Z]/.test(name)) ? value : undefined;
}

function permitText(value: unknown): string | number | boolean | null | undefined {
  if (typeof value === 'string') return isPlain(value) ? value : undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
