import Fuse from 'fuse.js';

/** What people search skills by. */
export interface Searchable {
  namespace: string;
  name: string;
  description: string;
  keywords: readonly string[];
}

/** How unlike a word may be: of ten letters three may differ. */
const THRESHOLD = 0.3;

/**
 * Skills in which every word of a query is found, give or take a few letters, the best match first; the name weighs most.
 * The time grows with the letters of the texts and with those of the query: some 0.05 ms a skill for one short word, 0.2 ms for
 * four and texts of 200 letters, and 3 ms for a word of 200 letters and texts of 1,000. Whoever takes queries from strangers
 * has to bound all of these.
 */
export function fuzzySearch<T extends Searchable>(skills: readonly T[], query: string, limit: number): T[] {
  const fuse = new Fuse(skills, {
    keys: [
      { name: 'name', weight: 6 },
      { name: 'keywords', weight: 3 },
      { name: 'namespace', weight: 1 },
      { name: 'description', weight: 1 },
    ],
    useTokenSearch: true,
    tokenMatch: 'all',
    ignoreLocation: true,
    ignoreDiacritics: true,
    threshold: THRESHOLD,
  });
  return fuse.search(query, { limit }).map(({ item }) => item);
}
