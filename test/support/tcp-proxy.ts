import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';

/** A wire between two programs that can be as bad as real ones. */
export type TcpProxy = {
  readonly host: string;
  readonly port: number;
  /** Connections that stand now are forgotten as by a router that was restarted: open on both sides, silent for ever. */
  forget(): number;
  /** Nothing passes, old or new, until `release`; then what waited goes on. */
  hold(): void;
  release(): void;
  /** Both sides see their connection reset. */
  cut(): number;
  /** Nobody is at home: connections are cut and new ones refused, until `back`. */
  away(): Promise<void>;
  back(): Promise<void>;
  /** Each chunk takes so long, each way. */
  delay(ms: number): void;
  close(): Promise<void>;
};

type Pair = { readonly sides: readonly [Socket, Socket]; isForgotten: boolean };

export async function openTcpProxy(target: { host: string; port: number }, host = '127.0.0.1'): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let delayMs = 0;
  let gate: Promise<void> = Promise.resolve();
  let open = (): void => undefined;

  const forward = (pair: Pair, from: Socket, to: Socket): void => {
    let order: Promise<void> = Promise.resolve();
    const inOrder = (act: () => void): void => {
      order = order.then(async () => {
        if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
        await gate;
        if (!pair.isForgotten && !to.destroyed) act();
      });
    };
    from.on('data', (chunk: Buffer) =>
      inOrder(() => {
        if (to.write(chunk)) return;
        from.pause();
        to.once('drain', () => from.resume());
      }),
    );
    from.on('end', () => inOrder(() => to.end()));
    from.on('error', () => undefined);
    from.on('close', () => {
      if (from.readableEnded) return;
      inOrder(() => to.destroy());
    });
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...target, allowHalfOpen: true });
    const pair: Pair = { sides: [near, far], isForgotten: false };
    pairs.add(pair);
    for (const side of pair.sides) {
      side.setNoDelay(true);
      side.on('close', () => {
        if (pair.sides.every((each) => each.destroyed)) pairs.delete(pair);
      });
    }
    forward(pair, near, far);
    forward(pair, far, near);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const standing = (): Pair[] => [...pairs].filter((pair) => !pair.isForgotten);
  const release = (): void => open();
  const cut = (): number => {
    const found = standing();
    for (const { sides } of found) for (const side of sides) side.resetAndDestroy();
    return found.length;
  };
  return {
    host,
    port: address.port,
    forget() {
      const found = standing();
      for (const pair of found) pair.isForgotten = true;
      return found.length;
    },
    hold() {
      release();
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    release,
    cut,
    async away() {
      const closed = once(server, 'close');
      server.close();
      for (const { sides } of pairs) for (const side of sides) side.resetAndDestroy();
      await closed;
    },
    async back() {
      server.listen(address.port, host);
      await once(server, 'listening');
    },
    delay(ms) {
      delayMs = ms;
    },
    async close() {
      release();
      for (const { sides } of pairs) for (const side of sides) side.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
