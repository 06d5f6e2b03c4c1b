import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import { scans } from '../../db/schema/moderation.ts';
import { type Finding, hasBlockingFinding } from '../../format/finding.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { OwnedRef } from '../catalog/find-by-ref.ts';
import { visibleTo } from '../catalog/search.ts';
import type { Deps } from '../deps.ts';
import { isNewestScan } from '../moderation/newest-scan.ts';

/**
 * What vetting says of a published version: its newest scan, else the job that published it. Only a scan can find an error,
 * since rules get better while a version stays what it is.
 */
export interface Verdict {
  namespace: string;
  name: string;
  version: string;
  treeDigest: string;
  /** Milliseconds. */
  publishedAt: number;
  checkedAt: number;
  /** Whether there is no error among the findings, and the examination calls it clean. */
  passed: boolean;
  /** Of the newest examination; null for a version from before there was one. */
  verdict: 'clean' | 'suspicious' | 'malicious' | null;
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
      verdict: versions.verdict,
      publishedAt: versions.publishedAt,
      jobEnded: jobs.updatedAt,
      jobStages: jobs.stages,
      scanEnded: scans.updatedAt,
      scanStages: scans.stages,
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
    .leftJoin(scans, isNewestScan)
    .where(and(isNull(skills.hiddenAt), visibleTo(actor, skills)))
    .orderBy(asc(sql`wanted.key`));
  const verdicts: (Verdict | undefined)[] = wanted.map(() => undefined);
  for (const { index, visibility, jobStages, scanStages, jobEnded, scanEnded, ...row } of rows) {
    if (visibility === 'private' && !canRead(actor, row.namespace)) continue;
    const publishedAt = row.publishedAt ?? 0;
    const findings = (scanStages ?? jobStages ?? []).flatMap((stage) => stage.findings);
    const checkedAt = scanEnded ?? jobEnded ?? publishedAt;
    const passed = !hasBlockingFinding(findings) && (row.verdict === null || row.verdict === 'clean');
    verdicts[index] = { ...row, publishedAt, checkedAt, passed, findings };
  }
  return verdicts;
}

/** What the newest examination calls a version; null before there was one. */
export async function verdictOf({ db }: Pick<Deps, 'db'>, versionId: string | null): Promise<Verdict['verdict']> {
  if (versionId === null) return null;
  const [found] = await db.select({ verdict: versions.verdict }).from(versions).where(eq(versions.id, versionId));
  return found?.verdict ?? null;
}

/** What `findShownByRef` finds, as an expression: null where there is nothing. Each lookup is by index. */
function idOf(actor: Actor, slug: SQL, owner: SQL): SQL<number> {
  const own = actor.kind === 'key' ? actor.namespace : null;
  const renamed = sql`from skill_aliases as former inner join skills as renamed on renamed.id = former.skill_id`;
  return sql`coalesce(
    (select coalesce(flat.merged_into, flat.id) from skills as flat
      where flat.slug = ${slug} and (${owner} is null or flat.namespace = ${owner})),
    (select coalesce(renamed.merged_into, renamed.id) ${renamed}
      where former.slug = ${slug} and (${owner} is null or former.namespace = ${owner})),
    (select coalesce(named.merged_into, named.id) from skills as named
      where named.namespace = coalesce(${owner}, ${own}) and named.name = ${slug}),
    (select coalesce(renamed.merged_into, renamed.id) ${renamed}
      where former.namespace = coalesce(${owner}, ${own}) and former.name = ${slug}))`;
}
