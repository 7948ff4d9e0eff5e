import type { Child } from 'hono/jsx';
import { sayWhen } from './words/say-when.ts';
import type { Words } from './words/words.ts';

export type Look = { readonly words: Words; readonly now: Date };

export type Tone = 'plain' | 'good' | 'busy' | 'warn' | 'bad';

export function Tag({ tone, title, children }: { tone: Tone; title?: string; children?: Child }) {
  return (
    <span class={`tag ${tone}`} {...(title === undefined ? {} : { title })}>
      {children}
    </span>
  );
}

/** Relative for people, exact for whoever points at it. */
export function When({ at, look, otherwise }: { at: Date | null; look: Look; otherwise?: string }) {
  if (at === null) return <span class="dim">{otherwise ?? look.words.never}</span>;
  const iso = at.toISOString();
  return (
    <time datetime={iso} title={iso}>
      {sayWhen(at, look.now, look.words)}
    </time>
  );
}

/** A section the token may not see says which scope it lacks, and nothing else. */
export function Note({ children }: { children?: Child }) {
  return <p class="note">{children}</p>;
}

export function Panel({ id, title, children }: { id: string; title: string; children?: Child }) {
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}
