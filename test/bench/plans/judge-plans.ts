import { median } from '../rounds.ts';
import type { Explained, PlanNode } from './explain-all.ts';

/** One statement of the product at two sizes. */
export type Judged = {
  readonly name: string;
  readonly runs: number;
  /** Pages that one run touched: the most of the runs at each size. */
  readonly pages: { readonly small: number; readonly large: number };
  /** What is wrong with it; none where it is in order. */
  readonly faults: readonly string[];
};

/** Trees get a level deeper, and a page more or less of what is read says nothing. */
const growthMax = 2;
const pagesThatCount = 64;

/**
 * Holds each statement that concerns a growing table against how it ran when the database was smaller. Refused: a growing table
 * read from end to end, and more than twice the pages for each row that comes of it.
 */
export function judgePlans(
  small: readonly Explained[],
  large: readonly Explained[],
  growing: ReadonlySet<string>,
): Judged[] {
  const before = byText(small);
  return [...byText(large)]
    .filter(([, plans]) => plans.some((plan) => tablesOf(plan).some((table) => growing.has(table))))
    .map(([name, plans]) => {
      const known = before.get(name) ?? [];
      const pages = { small: mostPages(known), large: mostPages(plans) };
      const scanned = new Set(plans.flatMap(scansOf).filter((table) => growing.has(table)));
      const [was, is] = [pagesARow(known), pagesARow(plans)];
      const hasGrown = known.length > 0 && pages.large > pagesThatCount && is > growthMax * was;
      const faults = [...scanned].map((table) => `reads ${table} from end to end`);
      if (hasGrown) faults.push(`touches ${is} pages a row, and ${was} before`);
      return { name, runs: plans.length, pages, faults };
    })
    .toSorted((a, b) => b.faults.length - a.faults.length || b.pages.large - a.pages.large);
}

function byText(explained: readonly Explained[]): Map<string, PlanNode[]> {
  const plans = new Map<string, PlanNode[]>();
  for (const { text, plan } of explained) {
    const key = nameOf(text);
    plans.set(key, [...(plans.get(key) ?? []), plan]);
  }
  return plans;
}

/** A statement without its line breaks; lists of parameters of any length are one statement. */
function nameOf(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\$\d+(, \$\d+)+/g, '$…')
    .trim();
}

function mostPages(plans: readonly PlanNode[]): number {
  return Math.max(0, ...plans.map(pagesOf));
}

function pagesOf(plan: PlanNode): number {
  return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
}

/** Of the run in the middle: batches are of different sizes. A run that finds nothing counts as one row. */
function pagesARow(plans: readonly PlanNode[]): number {
  const each = plans.map((plan) => pagesOf(plan) / Math.max(1, rowsOf(plan)));
  return plans.length === 0 ? 0 : Math.round(median(each));
}

/** What comes out of it, or is written by it. */
function rowsOf(plan: PlanNode): number {
  const written = plan['Node Type'] === 'ModifyTable' ? plan.Plans?.[0] : undefined;
  return (written ?? plan)['Actual Rows'] ?? 0;
}

function scansOf(node: PlanNode): string[] {
  const isScan = node['Node Type'] === 'Seq Scan' && (node['Actual Loops'] ?? 1) > 0;
  const { 'Relation Name': table } = node;
  const below = (node.Plans ?? []).flatMap(scansOf);
  return isScan && table !== undefined ? [table, ...below] : below;
}

function tablesOf(node: PlanNode): string[] {
  const { 'Relation Name': table } = node;
  const below = (node.Plans ?? []).flatMap(tablesOf);
  return table === undefined ? below : [table, ...below];
}
