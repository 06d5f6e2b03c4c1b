import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import type { Finding } from '../../format/finding.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { OwnedRef } from '../catalog/find-by-ref.ts';
import { visibleTo } from '../catalog/search.ts';
import type { Deps } from '../deps.ts';

/** What vetting said of a published version. One with an error is never published, so these are all good ones. */
export interface Verdict {
  namespace: string;
  name: string;
  version: string;
  treeDigest: string;
  /** Milliseconds. */
  publishedAt: number;
  checkedAt: number;
  /** What the author was told; nothing of severity `error`. */
  findings: Finding[];
}

/**
 * The verdicts on versions that the actor may read, one for each address in the same order; none where there is no such
 * version. One statement, however many are asked for.
 */
export async function verdictsOn(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  wanted: readonly (OwnedRef & { version: string })[],
): Promise<(Verdict | undefined)[]> {
  const list = JSON.stringify(wanted);
  const id = idOf(actor, sql`wanted.value ->> 'slug'`, sql`wanted.value ->> 'owner'`);
  const rows = await deps.db
    .select({
      index: sql<number>`wanted.key`,
      namespace: skills.namespace,
      name: skills.name,
      visibility: skills.visibility,
      version: versions.version,
      treeDigest: versions.treeDigest,
      publishedAt: versions.publishedAt,
      checkedAt: jobs.updatedAt,
      stages: jobs.stages,
    })
    .from(sql`json_each(${list}) as wanted`)
    .innerJoin(skills, eq(skills.id, id))
    .innerJoin(
      versions,
      and(
        eq(versions.skillId, skills.id),
        eq(versions.state, 'published'),
        eq(versions.version, sql`wanted.value ->> 'version'`),
      ),
    )
    .leftJoin(jobs, and(eq(jobs.versionId, versions.id), eq(jobs.state, 'pass')))
    .where(and(isNull(skills.hiddenAt), visibleTo(actor, skills)))
    .orderBy(asc(sql`wanted.key`));
  const verdicts: (Verdict | undefined)[] = wanted.map(() => undefined);
  for (const { index, visibility, stages, ...row } of rows) {
    if (visibility === 'private' && !canRead(actor, row.namespace)) continue;
    const publishedAt = row.publishedAt ?? 0;
    const findings = (stages ?? []).flatMap((stage) => stage.findings);
    verdicts[index] = { ...row, publishedAt, checkedAt: row.checkedAt ?? publishedAt, findings };
  }
  return verdicts;
}

/** What `findByRef` finds, as an expression: null where there is nothing. Both lookups are by index. */
function idOf(actor: Actor, slug: SQL, owner: SQL): SQL<number> {
  const own = actor.kind === 'key' ? actor.namespace : null;
  return sql`coalesce(
    (select flat.id from skills as flat where flat.slug = ${slug} and (${owner} is null or flat.namespace = ${owner})),
    (select named.id from skills as named where named.namespace = coalesce(${owner}, ${own}) and named.name = ${slug}))`;
}
