import { stringifyLossless, type ChannelOrder, type RawDocument } from '../../src/connector-kit/index.ts';
import { parseWire } from './client.ts';
import type { ShopSettings } from './settings.ts';
import { wireOrder, wireOrderHead, wireVersion, type WireOrder } from './wire.ts';

/** How one kind of shop writes its orders. */
export type Dialect = {
  /** The version of a document, as decimal text, or null where the shop has none that can be trusted. */
  versionOf(document: unknown): string | null;
  /** Whether a write may be made to depend on that version. */
  readonly comparesVersions: boolean;
  /** A document, as `parseLossless` reads it, in the words of wire.ts. Throws ChannelFault `unknown_code`. */
  read(document: unknown, settings: ShopSettings): WireOrder;
  /** What the shared mapping cannot know. */
  refine(order: ChannelOrder, document: unknown): ChannelOrder;
};

/** The words of wire.ts, under a version that rises with every change. */
export const plainDialect: Dialect = {
  versionOf: (document) => String(parseWire(wireVersion, document).version),
  comparesVersions: true,
  read: (document) => parseWire(wireOrder, document),
  refine: (order) => order,
};

/** One order as its own exact text: digits that JS would round stay text. */
export function toDocument(dialect: Dialect, document: unknown): RawDocument {
  const { id } = parseWire(wireOrderHead, document);
  return { externalId: id, body: stringifyLossless(document), version: dialect.versionOf(document) };
}
