import type { ChannelFault } from '../connector-kit/index.ts';
import type { ShopId } from '../kernel/index.ts';
import type { ExceptionInput } from '../platform/exceptions/index.ts';

/** Exceptions about one order of a channel, which may not exist here yet: the subject is the shop and the external id. */
function aboutOrder(shopId: ShopId, externalId: string): Pick<ExceptionInput, 'subjectKind' | 'subjectId' | 'shopId'> {
  return { subjectKind: 'channel_order', subjectId: `${shopId}:${externalId}`, shopId };
}

export function missingOrder(shopId: ShopId, externalId: string): ExceptionInput {
  return {
    ...aboutOrder(shopId, externalId),
    kind: 'order.missing_on_channel',
    cause: { externalId },
    nextStep: 'Look whether the order was deleted on the channel; if so, cancel it here by hand.',
  };
}

export function unreadableOrder(shopId: ShopId, externalId: string, fault: ChannelFault | null): ExceptionInput {
  return {
    ...aboutOrder(shopId, externalId),
    kind: 'order.unreadable_on_channel',
    cause: { externalId, fault: fault?.kind ?? null },
    nextStep: 'Look at the order on the channel; ask for it to be read again once it opens there.',
  };
}

export function parkedDocument(shopId: ShopId, externalId: string, cause: ExceptionInput['cause']): ExceptionInput {
  return {
    ...aboutOrder(shopId, externalId),
    kind: 'inbox.parked',
    cause: { ...cause, externalId },
    nextStep: 'Fix what the cause names, then replay the parked messages of this shop.',
  };
}
