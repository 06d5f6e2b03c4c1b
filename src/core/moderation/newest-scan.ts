import { and, eq, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { scans } from '../../db/schema/moderation.ts';

/** Joins `scans` to `versions`: the newest scan of the version that came to an end with a result. */
export const isNewestScan = and(
  eq(scans.versionId, versions.id),
  eq(
    scans.id,
    sql`(select newest.id from scans as newest where newest.version_id = ${versions.id} and newest.state = 'succeeded'
      order by newest.created_at desc, newest.id desc limit 1)`,
  ),
);
