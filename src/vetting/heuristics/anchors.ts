const PREFIX = 5;
const FILTER = 16_384;

const WORD_CODES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z0-9_]/.test(char)) WORD_CODES[code] = char.toLowerCase().charCodeAt(0);
}

/** Finds which of many things can be in a text by the words that each of them needs, in one pass over the text. */
export interface AnchorIndex<T> {
  /** The things that have one of their words in the text and one of their further words, if they have such. */
  candidates: (text: string) => readonly T[];
}

export interface Anchored<T> {
  value: T;
  /** In lower case; of a word that ends in `*` the first five characters count, and one with other characters than letters, digits and `_` stands for itself anywhere. */
  words: readonly string[];
  /** Words of which one must stand in the text too. */
  also?: readonly string[];
}

/** Which entry a word belongs to, and whether to its first (1) or further (2) words. */
interface Owner {
  entry: number;
  bit: number;
}

interface Tables {
  /** One bit of a word's hash: most words of a text are nobody's and need no look into a map. */
  filter: Uint8Array;
  exact: Map<number, Owner[]>;
  prefixes: Map<number, Owner[]>;
  literal: { word: string; owner: Owner }[];
}

export function indexAnchors<T>(entries: readonly Anchored<T>[]): AnchorIndex<T> {
  const tables: Tables = { filter: new Uint8Array(FILTER), exact: new Map(), prefixes: new Map(), literal: [] };
  for (const [entry, { words, also = [] }] of entries.entries()) {
    for (const word of words) addWord(tables, word, { entry, bit: 1 });
    for (const word of also) addWord(tables, word, { entry, bit: 2 });
  }
  const seen = new Uint8Array(entries.length);
  return {
    candidates: (text) => {
      const touched: number[] = [];
      const mark = ({ entry, bit }: Owner) => {
        const before = seen[entry] ?? 0;
        if (before === 0) touched.push(entry);
        seen[entry] = before | bit;
      };
      scan(text, tables, mark);
      for (const { word, owner } of tables.literal) if (text.includes(word)) mark(owner);
      return touched.flatMap((entry) => {
        const found = entries[entry];
        const needed = found?.also === undefined ? 1 : 3;
        const isFound = found !== undefined && ((seen[entry] ?? 0) & needed) === needed;
        seen[entry] = 0;
        return isFound ? [found.value] : [];
      });
    },
  };
}

function scan(text: string, { filter, exact, prefixes }: Tables, mark: (owner: Owner) => void): void {
  let hash = 0;
  let length = 0;
  let prefix = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const lower = code < 128 ? (WORD_CODES[code] ?? 0) : 0;
    if (lower !== 0) {
      hash = (Math.imul(hash, 31) + lower) | 0;
      length++;
      if (length === PREFIX) prefix = hash;
      continue;
    }
    if (length > 1) {
      if (filter[hash & (FILTER - 1)] !== 0) exact.get(hash)?.forEach(mark);
      if (length > PREFIX && filter[prefix & (FILTER - 1)] !== 0) prefixes.get(prefix)?.forEach(mark);
    }
    hash = 0;
    length = 0;
  }
}

function addWord({ filter, exact, prefixes, literal }: Tables, word: string, owner: Owner): void {
  if (!/^[a-z0-9_]+\*?$/.test(word)) literal.push({ word, owner });
  else {
    const isPrefix = word.endsWith('*');
    const hash = isPrefix ? prefixHash(word) : hashOf(word);
    filter[hash & (FILTER - 1)] = 1;
    add(isPrefix ? prefixes : exact, hash, owner);
  }
}

function add(map: Map<number, Owner[]>, hash: number, owner: Owner): void {
  const owners = map.get(hash);
  if (owners === undefined) map.set(hash, [owner]);
  else owners.push(owner);
}

function prefixHash(word: string): number {
  if (word.length <= PREFIX) throw new Error(`anchor '${word}' needs ${PREFIX} characters before its '*'`);
  return hashOf(word.slice(0, PREFIX));
}

/** Two words with one hash cost a needless look at a pattern, no wrong finding. */
function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at++) hash = (Math.imul(hash, 31) + word.charCodeAt(at)) | 0;
  return hash;
}
