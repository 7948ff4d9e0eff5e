import { speechIn, type Explanation, type Point, type SaidSentence, type Section } from './explanation.ts';

const indent = '  ';
const clockWidth = 'hh:mm  '.length;

/** An explanation as plain text for a terminal: headings, and below them a line a sentence. */
export function writeText(explanation: Explanation): string {
  const { title, stand, next, sections } = explanation;
  const blocks = [[title.text], ...[stand, next, ...sections].map((section) => writeSection(section, explanation))];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function writeSection({ heading, points }: Section<SaidSentence>, { language, timeZone }: Explanation): string[] {
  const say = speechIn(language, timeZone);
  let day = '';
  return [
    heading.text,
    ...points.flatMap((point) => {
      if (point.at === null) return writePoint(point, '');
      const newDay = say.day(point.at);
      const head = newDay === day ? [] : [`${indent}${newDay}`];
      day = newDay;
      return [...head, ...writePoint(point, `${say.clock(point.at)}  `)];
    }),
  ];
}

function writePoint({ sentence, details }: Point<SaidSentence>, clock: string): string[] {
  const deeper = clock === '' ? '' : indent;
  const detailIndent = `${indent}${deeper}${' '.repeat(clock === '' ? indent.length : clockWidth)}`;
  return [`${indent}${deeper}${clock}${sentence.text}`, ...details.map(({ text }) => `${detailIndent}${text}`)];
}
