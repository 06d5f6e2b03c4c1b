import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import { scans } from '../../db/schema/moderation.ts';
import { type Finding, hasBlockingFinding } from '../../format/finding.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import { idByRef, type OwnedRef } from '../catalog/find-by-ref.ts';
import { visibleTo } from '../catalog/search-hit.ts';
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
  /** Whether there is no error among the findings, and the verdict is clean. */
  passed: boolean;
  /** The same of the hub's own rules alone, without scanners. */
  passedRules: boolean;
  /** The worst of the newest examination and of scanners; null for a version from before there was one. */
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
  const id = idByRef(actor, sql`wanted.value ->> 'slug'`, sql`wanted.value ->> 'owner'`);
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
    const stages = scanStages ?? jobStages ?? [];
    const findings = stages.flatMap((stage) => stage.findings);
    const checkedAt = scanEnded ?? jobEnded ?? publishedAt;
    const passed = !hasBlockingFinding(findings) && (row.verdict === null || row.verdict === 'clean');
    const passedRules = passed || ruleVerdict(stages, row.verdict) === 'clean';
    verdicts[index] = { ...row, publishedAt, checkedAt, passed, passedRules, findings };
  }
  return verdicts;
}

/**
 * What the hub's own rules say, scanners left out.
 *
 * @param otherwise of stages from before they had verdicts of their own
 */
export function ruleVerdict(
  stages: readonly StageResult[],
  otherwise: Verdict['verdict'],
): 'clean' | 'suspicious' | 'malicious' {
  const own = stages.filter(({ stage }) => stage !== 'scanners');
  const verdict = own.find(({ stage }) => stage === 'examination')?.verdict ?? otherwise ?? 'clean';
  if (verdict !== 'clean') return verdict;
  return hasBlockingFinding(own.flatMap(({ findings }) => findings)) ? 'suspicious' : 'clean';
}
