/** The first loop met when following `next` from each node, its start repeated at the end; null when there is none. */
export function findCycle(
  nodes: readonly string[],
  next: (node: string) => readonly string[],
): readonly string[] | null {
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const follower of next(node)) {
      const loop = visit(follower, [...trail, node]);
      if (loop !== null) return loop;
    }
    done.add(node);
    return null;
  };
  for (const node of nodes) {
    const loop = visit(node, []);
    if (loop !== null) return loop;
  }
  return null;
}
