import { compareIds } from '../ids.ts';
import { FakeGraphqlError } from './errors.ts';

export type ListOptions = {
  readonly take?: number | undefined;
  readonly skip?: number | undefined;
  readonly sort?: Readonly<Record<string, 'ASC' | 'DESC'>> | undefined;
  readonly filter?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
};

const takeMax = 1000;
type Row = Readonly<Record<string, unknown>>;

/** One list query with Vendure's traps: `after` is strict, `take` is capped, and `id` sorts before any other key. */
export function listRows<Item extends Row>(
  rows: readonly Item[],
  options: ListOptions,
): { items: Item[]; totalItems: number } {
  const take = options.take ?? takeMax;
  if (take > takeMax) {
    throw new FakeGraphqlError(`Cannot take more than ${takeMax} results from a list query`, 'USER_INPUT_ERROR');
  }
  const conditions = Object.entries(options.filter ?? {});
  const found = rows.filter((row) => conditions.every(([field, operators]) => matches(row[field], operators)));
  const keys = Object.entries(options.sort ?? {}).toSorted(([a], [b]) => Number(b === 'id') - Number(a === 'id'));
  found.sort((a, b) => {
    for (const [field, direction] of keys) {
      const order = compare(a[field], b[field]) * (direction === 'ASC' ? 1 : -1);
      if (order !== 0) return order;
    }
    return 0;
  });
  const skip = options.skip ?? 0;
  return { items: found.slice(skip, skip + take), totalItems: found.length };
}

function compare(a: unknown, b: unknown): number {
  const [left, right] = [String(a), String(b)];
  if (/^\d+$/.test(left) && /^\d+$/.test(right)) return compareIds(left, right);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function matches(value: unknown, operators: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(operators).every(([operator, wanted]) => {
    switch (operator) {
      case 'eq':
        return value === wanted;
      case 'in':
        return Array.isArray(wanted) && wanted.includes(value);
      case 'notIn':
        return Array.isArray(wanted) && !wanted.includes(value);
      case 'isNull':
        return (value === null) === wanted;
      case 'after':
        return value !== null && Date.parse(String(value)) > Date.parse(String(wanted));
      case 'before':
        return value !== null && Date.parse(String(value)) < Date.parse(String(wanted));
      default:
        throw new FakeGraphqlError(`Field "${operator}" is not defined`, 'GRAPHQL_VALIDATION_FAILED');
    }
  });
}
