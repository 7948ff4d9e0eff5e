/**
 * One read for all who ask the same before it begins. Whoever asks while one runs shares the next, so nobody is told what was
 * read before they asked: nothing is cached, and a burst costs two reads. A failed read fails those who shared it.
 */
export function shareReads<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const running = new Map<string, { readonly done: Promise<unknown>; next: Promise<Value> | null }>();

  const begin = (key: string): Promise<Value> => {
    const value = read(key);
    const done = value.then(
      () => undefined,
      () => undefined,
    );
    running.set(key, { done, next: null });
    void done.then(() => {
      if (running.get(key)?.next === null) running.delete(key);
    });
    return value;
  };
  return (key) => {
    const current = running.get(key);
    if (current === undefined) return begin(key);
    current.next ??= current.done.then(() => begin(key));
    return current.next;
  };
}
