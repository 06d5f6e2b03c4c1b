import { splitPoint } from './merkle.ts';

/** The entries `[start, end)`, which form a subtree. */
export interface Range {
  start: number;
  end: number;
}

/**
 * The subtrees whose roots are the audit path of an entry (RFC 6962, 2.1.1), from the entry upwards.
 *
 * @throws RangeError unless `0 <= position < size`
 */
export function inclusionRanges(position: number, size: number): Range[] {
  requireCount(size);
  if (!Number.isSafeInteger(position) || position < 0 || position >= size)
    throw new RangeError(`there is no entry ${position} in a tree of ${size}`);
  const downwards: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (position < middle) {
      downwards.push({ start: middle, end });
      end = middle;
    } else {
      downwards.push({ start, end: middle });
      start = middle;
    }
  }
  return downwards.reverse();
}

/**
 * The subtrees whose roots prove that the tree of `from` entries is the beginning of that of `size` (RFC 6962, 2.1.2).
 * None for two trees of the same size, and from the tree without entries, which every tree begins with.
 *
 * @throws RangeError unless `0 <= from <= size`
 */
export function consistencyRanges(from: number, size: number): Range[] {
  requireCount(size);
  if (!Number.isSafeInteger(from) || from < 0 || from > size)
    throw new RangeError(`a tree of ${size} entries does not begin with one of ${from}`);
  if (from === 0 || from === size) return [];
  const downwards: Range[] = [];
  let [start, end] = [0, size];
  // The left edge of the old tree stays a whole subtree of the new one as long as nothing was added to the right.
  while (end !== from) {
    const middle = start + splitPoint(end - start);
    if (from <= middle) {
      downwards.push({ start: middle, end });
      end = middle;
    } else {
      downwards.push({ start, end: middle });
      start = middle;
    }
  }
  if (start !== 0) downwards.push({ start, end });
  return downwards.reverse();
}

function requireCount(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is no number of entries`);
}
