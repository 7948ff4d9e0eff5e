import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isTest, listFiles } from './source-files.ts';
import { isNode, lineOf, walkSyntax, type SyntaxNode } from './syntax-tree.ts';

const clockInSql =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b|'now'::/i;

/** Rooms that are handed their time by `ctx.now`; platform/db is where it is read. */
const timeless = (file: string): boolean => !file.startsWith('src/platform/db/') && !isTest(file);

/**
 * SQL that asks the database what time it is, and columns that fill themselves with it. Verbs get `ctx.now` as a
 * parameter (DESIGN §7), so that the simulation can supply it. Looks at text in templates and strings only.
 */
export function checkDatabaseClock(root: string): string[] {
  const files = listFiles(root, ['src'], ['.ts', '.tsx']).filter(timeless);
  if (files.length === 0) throw new Error(`no source files below ${root}`);
  return files.flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return [...walkSyntax(text, file)]
      .filter((node) => readsDatabaseClock(node))
      .map((node) => `${file}:${lineOf(text, node)}: asks the database for the time; use ctx.now`);
  });
}

function readsDatabaseClock(node: SyntaxNode): boolean {
  if (node.type === 'TaggedTemplateExpression') return clockInSql.test(sqlText(node['quasi']));
  if (node.type === 'MemberExpression') return isNode(node['property']) && node['property']['name'] === 'defaultNow';
  if (node.type === 'CallExpression') return isRawSql(node) && clockInSql.test(JSON.stringify(node['arguments']));
  return false;
}

function sqlText(template: unknown): string {
  const quasis = isNode(template) && Array.isArray(template['quasis']) ? (template['quasis'] as unknown[]) : [];
  return quasis.map((quasi) => (isNode(quasi) ? JSON.stringify(quasi['value']) : '')).join('?');
}

function isRawSql(call: SyntaxNode): boolean {
  const callee = call['callee'];
  return isNode(callee) && isNode(callee['property']) && ['raw', 'unsafe'].includes(String(callee['property']['name']));
}
