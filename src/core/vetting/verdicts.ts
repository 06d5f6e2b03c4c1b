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

/** What `toVerdict` needs beside the version; the statement has to join `jobs` by `hasPublished` and `scans` by `isNewestScan`. */
export const EXAMINED_COLUMNS = {
  job: { stages: jobs.stages, updatedAt: jobs.updatedAt },
  scan: { stages: scans.stages, updatedAt: scans.updatedAt },
};

/** Joins `jobs` to `versions`: the job that published the version. */
export const hasPublished = and(eq(jobs.versionId, versions.id), eq(jobs.state, 'pass'));

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
      ...EXAMINED_COLUMNS,
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
    .leftJoin(jobs, hasPublished)
    .leftJoin(scans, isNewestScan)
    .where(and(isNull(skills.hiddenAt), visibleTo(actor, skills)))
    .orderBy(asc(sql`wanted.key`));
  const verdicts: (Verdict | undefined)[] = wanted.map(() => undefined);
  for (const { index, visibility, job, scan, ...row } of rows) {
    if (visibility === 'private' && !canRead(actor, row.namespace)) continue;
    verdicts[index] = toVerdict(row, job, scan);
  }
  return verdicts;
}

/** What an examination came to: of a scan, or of the job that published the version. */
export interface ExaminedRow {
  stages: StageResult[];
  updatedAt: number;
}

/** A verdict from the rows that it is kept in. @param version with the names that its skill has today */
export function toVerdict(
  version: Pick<Verdict, 'namespace' | 'name' | 'version' | 'treeDigest' | 'verdict'> & { publishedAt: number | null },
  job: ExaminedRow | null,
  scan: ExaminedRow | null,
): Verdict {
  const { verdict } = version;
  const publishedAt = version.publishedAt ?? 0;
  const { stages, updatedAt: checkedAt } = scan ?? job ?? { stages: [], updatedAt: publishedAt };
  const findings = stages.flatMap((stage) => stage.findings);
  const passed = !hasBlockingFinding(findings) && (verdict === null || verdict === 'clean');
  const passedRules = passed || ruleVerdict(stages, verdict) === 'clean';
  return { ...version, publishedAt, checkedAt, passed, passedRules, findings };
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
