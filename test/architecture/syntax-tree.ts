import { parseAst } from 'vitest/node';

export type SyntaxNode = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * Every node of a file, in no order. The parser is the one of the bundler that comes with vitest: TypeScript 7 has no API
 * for JavaScript. Throws when the file cannot be parsed.
 */
export function* walkSyntax(text: string, file: string): Generator<SyntaxNode> {
  const tree: unknown = parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }, file);
  const pending: unknown[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (isNode(node)) yield node;
    if (typeof node === 'object' && node !== null) {
      pending.push(...Object.values(node).filter((child) => typeof child === 'object' && child !== null));
    }
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

export function lineOf(text: string, node: SyntaxNode): number {
  const start = typeof node['start'] === 'number' ? node['start'] : 0;
  return text.slice(0, start).split('\n').length;
}
