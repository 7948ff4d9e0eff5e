import type { Money } from '../../kernel/index.ts';
import type { Decision } from '../../returns/index.ts';
import type { ChannelWords, Nothing } from './data.ts';

type SoldItem = { readonly title: string; readonly quantity: number };

/** What comes after the sale: returns and invoices. */
export type AfterSentences = {
  'story.return_opened': { readonly number: number };
  'story.return_decided': { readonly number: number };
  'story.return_withdrawn': { readonly number: number };
  'story.return_not_ours': { readonly shop: string };

  'story.invoiced': { readonly number: string };
  'story.credited': { readonly number: string };

  'heading.returns': Nothing;
  'return.head': {
    readonly number: number;
    readonly items: readonly SoldItem[];
    readonly isByChannel: boolean;
    readonly reason: string | null;
    readonly shop: string;
  };
  'return.decided': SoldItem & { readonly decision: Decision; readonly warehouse: string | null };
  'return.waits': { readonly units: number };
  'return.withdrawn': Nothing;
  'return.refund_made': { readonly amount: Money };
  'return.refund_asked': { readonly amount: Money; readonly shop: string };
  'return.refund_refused': { readonly amount: Money; readonly shop: string; readonly words: ChannelWords | null };
  'return.refund_failed': { readonly amount: Money; readonly shop: string };
  'stand.return_waits': { readonly number: number; readonly units: number };
  'next.decide_return': { readonly number: number };

  'heading.invoices': Nothing;
  'invoice.issued': { readonly number: string; readonly amount: Money };
  'invoice.credited': { readonly number: string; readonly amount: Money; readonly corrects: string };
};
