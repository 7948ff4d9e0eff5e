/** Whether a write may concern part of an order (some lines, some units of a line) or only all of it. */
export type FactScope = 'partial' | 'whole';

/**
 * What a seller asks before connecting and code cannot show: the table of channels prints it (`wharf connector list`).
 * A key is absent where it does not apply, or where nobody has found out.
 */
export type ConnectorFacts = {
  /** The vendor's versions it was built and tested against, as the vendor writes them: `3.x`. */
  readonly versions?: string;
  readonly packages?: FactScope;
  readonly cancels?: FactScope;
  readonly refunds?: FactScope;
  /** Footnotes of the table, a sentence each. */
  readonly notes?: readonly string[];
};
