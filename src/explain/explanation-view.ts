import { z } from '@hono/zod-openapi';
import type { Explanation, SaidSentence, Section } from './explanation.ts';

/** JSON of explanations: codes and data are stable, texts are not. */

const sentence = z
  .object({
    code: z.string().openapi({ description: 'Stable; what is said' }),
    data: z.record(z.string(), z.unknown()).openapi({ description: 'Stable for each code; what it is said of' }),
    text: z.string().openapi({ description: 'For people; may be worded better at any time' }),
  })
  .openapi('Sentence');

const section = z.object({
  heading: sentence,
  points: z.array(
    z.object({
      at: z.date().openapi({ type: 'string', format: 'date-time' }).nullable(),
      sentence,
      details: z.array(sentence),
    }),
  ),
});

export const explanationView = z
  .object({
    language: z.enum(['en', 'zh']),
    timeZone: z.string().openapi({ description: 'Of the times in the texts' }),
    title: sentence,
    stand: section,
    next: section,
    sections: z.array(section),
  })
  .openapi('Explanation');

export function toExplanationView(explanation: Explanation): z.input<typeof explanationView> {
  return {
    ...explanation,
    title: toSentence(explanation.title),
    stand: toSection(explanation.stand),
    next: toSection(explanation.next),
    sections: explanation.sections.map(toSection),
  };
}

function toSection({ heading, points }: Section<SaidSentence>): z.input<typeof section> {
  return {
    heading: toSentence(heading),
    points: points.map((point) => ({
      at: point.at,
      sentence: toSentence(point.sentence),
      details: point.details.map(toSentence),
    })),
  };
}

function toSentence({ code, data, text }: SaidSentence): z.input<typeof sentence> {
  return { code, data: { ...data }, text };
}
