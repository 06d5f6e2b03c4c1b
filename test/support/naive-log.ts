import { emptyRoot, leafHash, nodeHash } from '../../src/format/tlog/merkle.ts';

/** The tree hash straight from its definition in RFC 6962, section 2.1: slow, and in nobody's debt. */
export async function naiveRoot(entries: readonly Uint8Array[]): Promise<Uint8Array> {
  const [first] = entries;
  if (first === undefined) return emptyRoot();
  if (entries.length === 1) return leafHash(first);
  let half = 1;
  while (half * 2 < entries.length) half *= 2;
  return nodeHash(await naiveRoot(entries.slice(0, half)), await naiveRoot(entries.slice(half)));
}

/** Entries that differ from one another. */
export function entriesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => new TextEncoder().encode(`entry ${i}`));
}
