/** A connector's fake as a real server on loopback, with the settings that connect a shop to it. */
export type ServedFake = {
  readonly origin: string;
  /** What `wharf shop connect` wants, secrets included: they are the fake's own. */
  readonly settings: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
};

/** Every connector's `fake/index.ts` exports one as `serveFake`. `port` 0 takes a free one; rejects when it is taken. */
export type ServeFake = (options: { readonly port: number }) => Promise<ServedFake>;
