export type GroupOptions<Item, Result> = {
  /** Writes items of one line in one transaction; answers in their order. */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** True: never written together with others. */
  readonly goesAlone: (item: Item) => boolean;
  /** Whether a failure concerns the database and not an item. Any other is looked for by halves. */
  readonly isEveryones: (error: unknown) => boolean;
  readonly bytesOf: (item: Item) => number;
  readonly limits: {
    readonly itemsMax: number;
    /** One item may be larger. */
    readonly bytesMax: number;
    readonly atOnceMax: number;
    readonly atOncePerLineMax: number;
  };
};

type Waiter<Item, Result> = {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
};

type Line<Item, Result> = { readonly waiting: Waiter<Item, Result>[]; running: number };

/**
 * Group commit: what waits of one line (a shop) while others are being written is written together, in its order. Who comes
 * to an idle line waits for nobody. Each is answered after the commit of its own row; a group that fails for another reason
 * than the database is written by halves, so that the culprit fails alone. Lines take turns, and each has its own share of
 * what is written at once: one that is slow delays no other.
 */
export function groupWrites<Item, Result>(
  options: GroupOptions<Item, Result>,
): (line: string, item: Item) => Promise<Result> {
  const { limits } = options;
  const lines = new Map<string, Line<Item, Result>>();
  let running = 0;
  let isScheduled = false;

  const fly = async (name: string, line: Line<Item, Result>): Promise<void> => {
    running += 1;
    line.running += 1;
    await settle(options, takeGroup(options, line.waiting));
    running -= 1;
    line.running -= 1;
    if (line.running === 0 && line.waiting.length === 0) lines.delete(name);
    begin();
  };
  const begin = (): void => {
    isScheduled = false;
    for (const [name, line] of lines) {
      if (running >= limits.atOnceMax) return;
      if (line.waiting.length === 0 || line.running >= limits.atOncePerLineMax) continue;
      // To the end of the row: the others are next.
      lines.delete(name);
      lines.set(name, line);
      void fly(name, line);
    }
  };
  return (name, item) =>
    new Promise((resolve, reject) => {
      const line = lines.get(name) ?? { waiting: [], running: 0 };
      lines.set(name, line);
      line.waiting.push({ item, resolve, reject });
      if (isScheduled) return;
      isScheduled = true;
      // After what the sockets have brought in this turn, so that requests that came together are written together.
      setImmediate(begin);
    });
}

function takeGroup<Item, Result>(
  { goesAlone, bytesOf, limits }: GroupOptions<Item, Result>,
  waiting: Waiter<Item, Result>[],
): Waiter<Item, Result>[] {
  let bytes = 0;
  let count = 0;
  for (const { item } of waiting) {
    bytes += bytesOf(item);
    const isFull = count >= limits.itemsMax || bytes > limits.bytesMax;
    if (count > 0 && (isFull || goesAlone(item))) break;
    count += 1;
    if (goesAlone(item)) break;
  }
  return waiting.splice(0, count);
}

async function settle<Item, Result>(
  options: GroupOptions<Item, Result>,
  group: readonly Waiter<Item, Result>[],
): Promise<void> {
  try {
    const results = await options.write(group.map(({ item }) => item));
    for (const [index, { resolve, reject }] of group.entries()) {
      const result = results[index];
      if (result === undefined) reject(new Error('a group was written without an answer for each of its items'));
      else resolve(result);
    }
  } catch (error) {
    if (group.length === 1 || options.isEveryones(error)) return group.forEach(({ reject }) => reject(error));
    const half = Math.ceil(group.length / 2);
    await settle(options, group.slice(0, half));
    await settle(options, group.slice(half));
  }
}
