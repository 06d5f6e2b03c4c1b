const PREFIX = 5;
const SLOTS = 32_768;

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
  /** Further such lists: of each, one word must stand in the text too. */
  needs?: readonly (readonly string[])[];
}

/** Which entry a word belongs to, and to which of its lists, as one bit. */
interface Owner {
  entry: number;
  bit: number;
}

/** Owners by the last bits of a word's hash; two words of one slot cost a needless look at a pattern, no wrong finding. */
class WordTable {
  /** One for each slot that somebody owns: most words of a text are nobody's. */
  readonly owned = new Uint8Array(SLOTS);
  readonly #owners = new Map<number, Owner[]>();
  /** The number of the text in which a slot was met last: once is enough. */
  readonly #metIn = new Uint32Array(SLOTS);

  add(hash: number, owner: Owner): void {
    const slot = hash & (SLOTS - 1);
    this.owned[slot] = 1;
    const owners = this.#owners.get(slot);
    if (owners === undefined) this.#owners.set(slot, [owner]);
    else owners.push(owner);
  }

  meet(hash: number, text: number): readonly Owner[] {
    const slot = hash & (SLOTS - 1);
    if (this.#metIn[slot] === text) return [];
    this.#metIn[slot] = text;
    return this.#owners.get(slot) ?? [];
  }
}

/** What an entry has been seen of in the text that is looked at. */
class Marks {
  readonly seen: Uint32Array;
  readonly touched: number[] = [];

  constructor(entries: number) {
    this.seen = new Uint32Array(entries);
  }

  add({ entry, bit }: Owner): void {
    const before = this.seen[entry] ?? 0;
    if (before === 0) this.touched.push(entry);
    this.seen[entry] = before | bit;
  }
}

interface Tables {
  exact: WordTable;
  prefixes: WordTable;
  literal: { word: string; owner: Owner }[];
}

export function indexAnchors<T>(entries: readonly Anchored<T>[]): AnchorIndex<T> {
  const tables: Tables = { exact: new WordTable(), prefixes: new WordTable(), literal: [] };
  for (const [entry, { words, needs = [] }] of entries.entries()) {
    for (const [at, list] of [words, ...needs].entries()) {
      for (const word of list) addWord(tables, word, { entry, bit: 1 << at });
    }
  }
  const complete = entries.map(({ needs = [] }) => (2 << needs.length) - 1);
  const marks = new Marks(entries.length);
  const { seen, touched } = marks;
  let texts = 0;
  return {
    candidates: (text) => {
      texts++;
      scan(text, tables, texts, marks);
      for (const { word, owner } of tables.literal) if (text.includes(word)) marks.add(owner);
      if (touched.length === 0) return [];
      const found: T[] = [];
      for (const entry of touched) {
        const candidate = entries[entry];
        if (candidate !== undefined && seen[entry] === complete[entry]) found.push(candidate.value);
        seen[entry] = 0;
      }
      touched.length = 0;
      return found;
    },
  };
}

function scan(text: string, { exact, prefixes }: Tables, number: number, marks: Marks): void {
  const ownedExact = exact.owned;
  const ownedPrefix = prefixes.owned;
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
      if (ownedExact[hash & (SLOTS - 1)] !== 0) for (const owner of exact.meet(hash, number)) marks.add(owner);
      if (length > PREFIX && ownedPrefix[prefix & (SLOTS - 1)] !== 0)
        for (const owner of prefixes.meet(prefix, number)) marks.add(owner);
    }
    hash = 0;
    length = 0;
  }
}

function addWord({ exact, prefixes, literal }: Tables, word: string, owner: Owner): void {
  if (!/^[a-z0-9_]+\*?$/.test(word)) literal.push({ word, owner });
  else if (word.endsWith('*')) prefixes.add(prefixHash(word), owner);
  else exact.add(hashOf(word), owner);
}

function prefixHash(word: string): number {
  if (word.length <= PREFIX) throw new Error(`anchor '${word}' needs ${PREFIX} characters before its '*'`);
  return hashOf(word.slice(0, PREFIX));
}

function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at++) hash = (Math.imul(hash, 31) + word.charCodeAt(at)) | 0;
  return hash;
}
