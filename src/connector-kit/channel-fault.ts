/** Every way a channel can fail us, in a fixed vocabulary. A connector throws nothing else. */
export type ChannelFaultReason =
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number | null }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'unauthorised' }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  | { readonly kind: 'not_found' }
  /** The channel wants nothing more of us: nothing is sent until a person lets it go on. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'conflict'; readonly detail: string }
  | { readonly kind: 'outcome_unknown' }
  | { readonly kind: 'unknown_code'; readonly field: string; readonly raw: string };

export type ChannelFaultKind = ChannelFaultReason['kind'];

/** `message` is for people who run the hub; it never carries secrets or personal data. */
export class ChannelFault extends Error {
  readonly reason: ChannelFaultReason;

  constructor(reason: ChannelFaultReason, message?: string, options?: ErrorOptions) {
    super(message ?? describe(reason), options);
    this.name = 'ChannelFault';
    this.reason = reason;
  }

  get kind(): ChannelFaultKind {
    return this.reason.kind;
  }
}

function describe(reason: ChannelFaultReason): string {
  switch (reason.kind) {
    case 'rejected':
      return `rejected by the channel: ${reason.code}: ${reason.detail}`;
    case 'unknown_code':
      return `unknown ${reason.field} from the channel: ${reason.raw}`;
    case 'conflict':
      return `conflict on the channel: ${reason.detail}`;
    case 'rate_limited':
    case 'unavailable':
    case 'unauthorised':
    case 'not_found':
    case 'gone':
    case 'outcome_unknown':
      return reason.kind.replaceAll('_', ' ');
  }
}
