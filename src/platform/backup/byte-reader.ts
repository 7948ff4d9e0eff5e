/** Reads exact lengths from a stream of pieces. */
export type ByteReader = {
  /** The next `length` bytes; null at a clean end. Throws where the stream ends in the middle. */
  read(length: number): Promise<Buffer | null>;
  /** Whatever is there, at least one byte; empty at the end. */
  some(): Promise<Buffer>;
  /** Whether nothing is left. */
  isAtEnd(): Promise<boolean>;
};

export class CutOff extends Error {}

export function byteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let heldBytes = 0;

  const pull = async (): Promise<boolean> => {
    const { value, done } = await iterator.next();
    if (done === true) return false;
    held.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    heldBytes += value.byteLength;
    return true;
  };
  return {
    async read(length) {
      while (heldBytes < length) {
        if (await pull()) continue;
        if (heldBytes === 0) return null;
        throw new CutOff('the stream ends in the middle');
      }
      const [first] = held;
      const isWhole = first !== undefined && first.byteLength >= length;
      const joined = isWhole ? first : Buffer.concat(held);
      const rest = joined.subarray(length);
      if (isWhole) held.shift();
      else held = [];
      if (rest.byteLength > 0) held.unshift(rest);
      heldBytes -= length;
      return joined.subarray(0, length);
    },
    async some() {
      while (heldBytes === 0) if (!(await pull())) return Buffer.alloc(0);
      const joined = Buffer.concat(held);
      held = [];
      heldBytes = 0;
      return joined;
    },
    async isAtEnd() {
      while (heldBytes === 0) if (!(await pull())) return true;
      return false;
    },
  };
}
