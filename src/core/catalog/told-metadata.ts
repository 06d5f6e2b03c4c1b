import { type SQL, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import type { SkillMetadata } from '../../format/skill-metadata.ts';

/**
 * The metadata of a version without what is long: the description, which the version has beside them, and the frontmatter, which
 * nobody is told and which can be longer than all the rest.
 */
export type ToldMetadata = Omit<SkillMetadata, 'description' | 'frontmatter'>;

/** As JSON. @param metadata a column */
export function toldOf(metadata: SQL): SQL {
  return sql`json_remove(${metadata}, '$.description', '$.frontmatter')`;
}

/** A column with it, of the version that a statement joins. */
export const TOLD_METADATA = sql<ToldMetadata>`${toldOf(sql`${versions.metadata}`)}`
  .mapWith((text: string): ToldMetadata => JSON.parse(text))
  .as('told_metadata');
