import { and, asc, eq, gt, isNull, or, type SQL } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import { appeals, reports } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { readAppealPage } from './appeal-page.ts';
import { requireModerator } from './require-moderator.ts';

export const QUEUE_KINDS = ['job', 'appeal', 'report'] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** Something that waits for a person. */
export interface QueueItem {
  kind: QueueKind;
  id: string;
  namespace: string;
  /** Of the skill; null for one that never had a row of its own. */
  name: string | null;
  version: string | null;
  /** Of a job: `quarantined`, or `pass` for a version that is public and was found malicious. */
  state: string;
  verdict: string | null;
  /** Of a job: the rules that found something, each once. Else what was written, and by whom. */
  rules: string[];
  text: string | null;
  by: string | null;
  /** Of an appeal: the job that it is about. */
  jobId: string | null;
  createdAt: number;
}

type Page = { kind?: QueueKind; after?: string; limit: number };

/**
 * A page of what waits for a person, oldest first: quarantined versions, public ones that were found malicious and that
 * nobody has looked at, open appeals, open reports. For operators and moderators.
 *
 * @param page `after` is the `next` of the page before
 * @throws Problem `unauthorized`, `forbidden`
 */
export async function listQueue(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { kind, after, limit }: Page,
): Promise<{ items: QueueItem[]; next: string | null }> {
  requireModerator(actor);
  const wanted = kind === undefined ? QUEUE_KINDS : [kind];
  // Ids of all kinds are made alike and sort by time, so that a page can be merged of one of each.
  const pages = await Promise.all(wanted.map((one) => READERS[one](deps, after, limit + 1)));
  const rows = pages.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

type Reader = (deps: Pick<Deps, 'db'>, after: string | undefined, limit: number) => Promise<QueueItem[]>;
const READERS: Record<QueueKind, Reader> = { job: readJobs, appeal: readAppeals, report: readReports };

async function readJobs({ db }: Pick<Deps, 'db'>, after: string | undefined, limit: number): Promise<QueueItem[]> {
  const doubted = and(eq(jobs.state, 'pass'), isNull(jobs.reviewedAt), isPublic('malicious'));
  const rows = await db
    .select({ job: jobs, version: versions.version, verdict: versions.verdict, ...ofSkill })
    .from(jobs)
    .innerJoin(versions, eq(versions.id, jobs.versionId))
    .innerJoin(skills, eq(skills.id, versions.skillId))
    .where(and(or(eq(jobs.state, 'quarantined'), doubted), after === undefined ? undefined : gt(jobs.id, after)))
    .orderBy(asc(jobs.id))
    .limit(limit);
  return rows.map(({ job, ...row }) => ({
    ...row,
    kind: 'job',
    id: job.id,
    state: job.state,
    rules: [...new Set(job.stages.flatMap(({ findings }) => findings.map(({ rule }) => rule)))],
    text: job.message,
    by: null,
    jobId: job.id,
    createdAt: job.createdAt,
  }));
}

const ofSkill = { namespace: skills.namespace, name: skills.name };

function isPublic(verdict: 'malicious'): SQL | undefined {
  return and(eq(versions.state, 'published'), eq(versions.verdict, verdict), isNull(skills.hiddenAt));
}

async function readAppeals(deps: Pick<Deps, 'db'>, after: string | undefined, limit: number): Promise<QueueItem[]> {
  const rows = await readAppealPage(deps, eq(appeals.state, 'open'), after, limit);
  return rows.map(({ appeal, name, version }) => ({
    kind: 'appeal',
    id: appeal.id,
    namespace: appeal.namespace,
    name,
    version,
    state: appeal.state,
    verdict: null,
    rules: [],
    text: appeal.text,
    by: appeal.namespace,
    jobId: appeal.jobId,
    createdAt: appeal.createdAt,
  }));
}

async function readReports({ db }: Pick<Deps, 'db'>, after: string | undefined, limit: number): Promise<QueueItem[]> {
  const rows = await db
    .select({ report: reports, ...ofSkill })
    .from(reports)
    .innerJoin(skills, eq(skills.id, reports.skillId))
    .where(and(eq(reports.state, 'open'), after === undefined ? undefined : gt(reports.id, after)))
    .orderBy(asc(reports.id))
    .limit(limit);
  return rows.map(({ report, ...row }) => ({
    ...row,
    kind: 'report',
    id: report.id,
    version: report.version,
    state: report.state,
    verdict: null,
    rules: [],
    text: report.reason,
    by: report.reporter,
    jobId: null,
    createdAt: report.createdAt,
  }));
}
