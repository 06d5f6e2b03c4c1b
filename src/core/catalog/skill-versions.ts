import { type SQLWrapper, sql } from 'drizzle-orm';
import { countOf } from '../../db/up-to.ts';
import { type ToldMetadata, toldOf } from './told-metadata.ts';

/** How many versions of a skill are told of together with it. */
export const NEWEST_VERSIONS = 50;
/** As far as their metadata, in bytes, are no more than this: D1 makes no value of over 2,000,000 bytes. */
const MAX_METADATA_BYTES = 500_000;

export interface DescribedVersion {
  version: string;
  description: string;
  metadata: ToldMetadata;
  /** Of the archive that `/v1/download` serves: SHA-256 in hex, and bytes. */
  sha256: string;
  size: number;
  /** Milliseconds since the epoch. */
  publishedAt: number;
}

/**
 * A column with the `NEWEST_VERSIONS` newest published versions of a skill: releases first, by semver. Those with very long
 * metadata are fewer.
 *
 * @param skillId a column or a value
 */
export function newestOf(skillId: SQLWrapper | number) {
  return sql<DescribedVersion[]>`(select json_group_array(json_object(
      'version', version, 'description', description, 'metadata', ${toldOf(sql`metadata`)},
      'sha256', archive_sha256, 'size', archive_size, 'publishedAt', coalesce(published_at, 0)
    ) order by prerelease, sort_key desc)
    from (select *, sum(octet_length(metadata)) over (order by prerelease, sort_key desc) as so_far
      from (select * from versions as newest where newest.skill_id = ${skillId} and newest.state = 'published'
        order by newest.prerelease, newest.sort_key desc limit ${countOf(NEWEST_VERSIONS)}))
    where so_far <= ${MAX_METADATA_BYTES})`
    .mapWith((text: string): DescribedVersion[] => JSON.parse(text))
    .as('newest_versions');
}
