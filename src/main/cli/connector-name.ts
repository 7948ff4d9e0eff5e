import { Fault } from '../../kernel/index.ts';

/** A connector's name in the forms in which its files say it. */
export type ConnectorName = {
  /** `harbour-mart`: the folder, the code, names of headers. */
  readonly kebab: string;
  /** `harbourMart` */
  readonly camel: string;
  /** `HarbourMart` */
  readonly pascal: string;
  /** `Harbour Mart` */
  readonly title: string;
};

/** What the template is called in its own files: two words, so that each form can be told from the others. */
const placeholder = formsOf('acme-shop');

const pattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const lengthMax = 31;

/** Words that say nothing about what is inside; the layout refuses them in any file's name. */
export const vagueWords = [
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'misc',
  'manager',
  'service',
  'services',
] as const;

/** Words that cannot name a constant in a module. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public return ' +
    'static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** Reads a name. Fault `connector.bad_name`, which says why and what to type instead. */
export function readName(text: string): ConnectorName {
  const name = formsOf(text);
  if (!pattern.test(text) || text.length < 2 || text.length > lengthMax) {
    throw badName(text, `a name is 2 to ${lengthMax} lower-case letters and digits, with single hyphens between words`);
  }
  const vague = vagueWords.find((word) => text.split('-').includes(word));
  if (vague !== undefined) throw badName(text, `"${vague}" says nothing about the channel`);
  if (reserved.has(name.camel)) throw badName(text, `${name.camel} is a word of the language`);
  return name;
}

/** Refuses a name whose identifiers would be words that the template's files use already (`orders`, `stock`, `get`). */
export function refuseWordsOf(files: readonly string[], name: ConnectorName): void {
  const words = new Set(files.flatMap((text) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));
  const named = [...words].filter((word) => renamed(word, name) !== word);
  const clash = named.map((word) => renamed(word, name)).find((word) => words.has(word));
  if (clash !== undefined) throw badName(name.kebab, `${clash} is a word that every connector uses already`);
}

/** The text with the template's name, in all its forms, replaced. */
export function renamed(text: string, name: ConnectorName): string {
  return text
    .replaceAll(placeholder.kebab, name.kebab)
    .replaceAll(placeholder.camel, name.camel)
    .replaceAll(placeholder.pascal, name.pascal)
    .replaceAll(placeholder.title, name.title);
}

function formsOf(kebab: string): ConnectorName {
  const words = kebab.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const pascal = words.join('');
  return { kebab, camel: pascal.charAt(0).toLowerCase() + pascal.slice(1), pascal, title: words.join(' ') };
}

function badName(text: string, why: string): Fault {
  return new Fault('invalid', 'connector.bad_name', {
    message: `"${text}" cannot name a connector: ${why}.\n  Next: wharf connector new harbour-mart, for instance.`,
    data: { name: text },
  });
}
