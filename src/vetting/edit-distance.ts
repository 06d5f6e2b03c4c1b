/** One part of a name, as an index stores it or asks for it. `length` is the length of the indexed name. */
export interface NameSegment {
  length: number;
  index: number;
  text: string;
}

const MAX_DISTANCE = 2;
const SEGMENTS = MAX_DISTANCE + 1;

/**
 * Levenshtein distance (insert, delete, replace, each 1) of two texts in UTF-16 code units.
 * Stops early: any distance over `max` is returned as `max + 1`.
 */
export function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const value = Math.min(replaced, at(previous, column) + 1, at(current, column - 1) + 1);
      current.push(value);
      best = Math.min(best, value);
    }
    if (best > max) return max + 1;
    previous = current;
  }
  return Math.min(at(previous, b.length), max + 1);
}

/**
 * Splits a name into three segments whose bounds depend on its length only, to be stored in an index.
 *
 * Two edits can touch two segments at most, so a name within distance 2 holds one of the three unchanged and near its
 * old place. This is the partition of the PassJoin string similarity join (Li, Deng, Wang and Feng, VLDB 2011).
 */
export function nameSegments(name: string): NameSegment[] {
  return partition(name.length).map(({ start, size }, index) => ({
    length: name.length,
    index,
    text: name.slice(start, start + size),
  }));
}

/**
 * Every segment by which an index of `nameSegments` finds the names within distance 2 of this one: at most 19, without
 * duplicates. The names found are candidates only, `editDistance` decides.
 *
 * For a segment that starts at `p` in an indexed name that is `d` characters shorter, PassJoin's multi-match-aware rule
 * leaves the start positions from `max(p - index, p + d - (2 - index))` to `min(p + index, p + d + (2 - index))`.
 */
export function similarNameProbes(name: string): NameSegment[] {
  const probes = new Map<string, NameSegment>();
  for (let length = Math.max(1, name.length - MAX_DISTANCE); length <= name.length + MAX_DISTANCE; length++) {
    const shift = name.length - length;
    for (const [index, { start, size }] of partition(length).entries()) {
      const after = MAX_DISTANCE - index;
      const first = Math.max(0, start - index, start + shift - after);
      const last = Math.min(name.length - size, start + index, start + shift + after);
      for (let position = first; position <= last; position++) {
        const text = name.slice(position, position + size);
        probes.set(`${length}:${index}:${text}`, { length, index, text });
      }
    }
  }
  return [...probes.values()];
}

/** Even partition: the first segments are the shorter ones. */
function partition(length: number): { start: number; size: number }[] {
  const short = Math.floor(length / SEGMENTS);
  const firstLong = SEGMENTS - (length % SEGMENTS);
  return Array.from({ length: SEGMENTS }, (_, index) => ({
    start: index * short + Math.max(0, index - firstLong),
    size: index >= firstLong ? short + 1 : short,
  }));
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
