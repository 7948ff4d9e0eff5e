import { isNode, lineOf, walkSyntax, type SyntaxNode } from './syntax-tree.ts';

/** `specifier` is null where the module is computed at run time. */
export type Import = { readonly specifier: string | null; readonly line: number };

const sources = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ImportExpression',
  'TSImportType',
  'TSExternalModuleReference',
]);

/** Every module a file names: static and dynamic imports, re-exports, `import('…').Type`; not text in strings or comments. */
export function readImports(text: string, file: string): Import[] {
  const found: Import[] = [];
  for (const node of walkSyntax(text, file)) {
    if (!sources.has(node.type)) continue;
    const source = sourceOf(node);
    if (source === null) continue;
    const value = source['value'];
    found.push({ specifier: typeof value === 'string' ? value : null, line: lineOf(text, node) });
  }
  return found.sort((a, b) => a.line - b.line);
}

/** Where a node keeps its module name: declarations and `import()` in `source`, types in `argument` or `source`. */
function sourceOf(node: SyntaxNode): SyntaxNode | null {
  const source = node['source'] ?? node['argument'] ?? node['expression'];
  if (!isNode(source)) return null;
  return isNode(source['literal']) ? source['literal'] : source;
}
