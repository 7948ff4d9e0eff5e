import { expect, test } from 'vitest';
import { readImports } from './read-imports.ts';

const text = `import './side-effect.ts';
import type { A } from './type.ts';
import { type B } from "./inline.ts";
export * from './all.ts';
export { c } from './named.ts';
export const local = 1;
const lazy = await import('./lazy.ts');
const computed = await import(String(lazy));
type T = import('./in-a-type.ts').T;
// import './in-a-comment.ts'
const words = "import x from './in-a-string.ts'";
const template = \`\${await import('./in-a-template.ts')} import './text.ts'\`;
`;

test('every way to name a module is found, and nothing in comments or strings', () => {
  expect(readImports(text, 'a.ts').map((found) => found.specifier)).toEqual([
    './side-effect.ts',
    './type.ts',
    './inline.ts',
    './all.ts',
    './named.ts',
    './lazy.ts',
    null,
    './in-a-type.ts',
    './in-a-template.ts',
  ]);
});

test('a page with markup is read too', () => {
  const page = `import { Row } from './row.tsx';\nexport const Page = () => <Row label={'import "./no.ts"'} />;`;
  expect(readImports(page, 'page.tsx')).toEqual([{ specifier: './row.tsx', line: 1 }]);
});

test('a file that cannot be parsed is an error, not an empty list', () => {
  expect(() => readImports('import {', 'broken.ts')).toThrow();
});
