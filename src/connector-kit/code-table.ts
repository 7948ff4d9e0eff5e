import { ChannelFault } from './channel-fault.ts';

/**
 * A vendor's words and ours, for a connector's codes.ts. A word that is not in the table throws ChannelFault `unknown_code`,
 * which carries it under the vendor's name of the field.
 */
export function codeTable<Ours>(field: string, words: Readonly<Record<string, Ours>>): (raw: string) => Ours {
  const known = new Map(Object.entries(words));
  return (raw) => {
    const ours = known.get(raw);
    if (ours === undefined) throw new ChannelFault({ kind: 'unknown_code', field, raw });
    return ours;
  };
}
