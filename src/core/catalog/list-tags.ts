import { asc, desc, eq, sql } from 'drizzle-orm';
import { facetCounts } from '../../db/schema/catalog.ts';
import { upTo } from '../../db/up-to.ts';
import type { Deps } from '../deps.ts';

/** How many tags a list of them holds. */
export const MAX_TAGS = 1_000;

export interface TagCount {
  tag: string;
  /** Public skills whose latest version has it. */
  count: number;
}

/** The first `MAX_TAGS` tags of public skills: by name, or the most used first. Nothing is counted for it. */
export function listTags({ db }: Pick<Deps, 'db'>, order: 'name' | 'count'): Promise<TagCount[]> {
  // Among tags as common as each other the index keeps the order of rows: sorting them would read them all.
  const byCount = [desc(facetCounts.count), desc(sql`${facetCounts}.rowid`)];
  return db
    .select({ tag: facetCounts.value, count: facetCounts.count })
    .from(facetCounts)
    .where(eq(facetCounts.kind, 'tag'))
    .orderBy(...(order === 'count' ? byCount : [asc(facetCounts.value)]))
    .limit(upTo(MAX_TAGS));
}
