import { z } from 'zod';
import type { ChannelWords } from './data.ts';

const causeShape = z.object({ code: z.string(), detail: z.string() });

/** What a channel answered, as it is stored with a write that failed; null where nothing went wrong. */
export function wordsOf(cause: unknown): ChannelWords | null {
  const parsed = causeShape.safeParse(cause);
  if (!parsed.success) return null;
  const { code, detail } = parsed.data;
  const prefix = `rejected by the channel: ${code}: `;
  return { code, detail: detail.startsWith(prefix) ? detail.slice(prefix.length) : detail };
}
