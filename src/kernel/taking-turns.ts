/**
 * For a loop that computes for long: awaited once an item, it lets everything else of the process run after every `items`, so
 * that a batch does not keep requests waiting.
 */
export function takingTurns(items: number): () => Promise<void> {
  let count = 0;
  return async () => {
    count += 1;
    if (count % items === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  };
}
