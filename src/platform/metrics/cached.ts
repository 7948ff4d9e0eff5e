/** One read for all who ask within `forMs`, so that a scrape, or many of them, cannot hurt. A failure is not kept. */
export function cached<Value>(read: () => Promise<Value>, forMs: number): () => Promise<Value> {
  let kept: { readonly value: Promise<Value>; readonly untilMs: number } | null = null;
  return () => {
    if (kept !== null && performance.now() < kept.untilMs) return kept.value;
    const value = read();
    kept = { value, untilMs: performance.now() + forMs };
    value.catch(() => {
      if (kept?.value === value) kept = null;
    });
    return value;
  };
}
