import { and, asc, eq, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { backfills, nameSkeletons, skillAliases, skills } from '../../db/schema/catalog.ts';
import { skeletonsOf } from '../../vetting/name-skeleton.ts';
import { namespaceSkeleton } from '../accounts/distinct-namespace.ts';
import type { Deps } from '../deps.ts';

/** Names a step. */
export const NAMES_PAGE = 500;
/** Steps that one call takes of each walk, so that it ends soon on the largest hub. */
const MOST_STEPS = 10;

type NameDeps = Pick<Deps, 'db' | 'clock' | 'log'>;
type Row = { cursor: string; name: string; skeletons: string[] };

interface Walk {
  /** To be changed when names fold differently: then all are indexed again. */
  task: string;
  page(deps: NameDeps, cursor: string): Promise<Row[]>;
}

/** What was there before names were indexed by their looks. Whatever came later was indexed when it came. */
const WALKS: readonly Walk[] = [
  { task: 'name-skeletons-1:skills', page: skillsAfter },
  { task: 'name-skeletons-1:slugs', page: formerSlugsAfter },
  { task: 'name-skeletons-1:namespaces', page: namespacesAfter },
];

/**
 * Indexes by their looks the names that a hub had before it compared those, some thousands a call, and goes on where the last
 * call stopped. Safe to call at any time and from several places; once all is done, a call reads three rows.
 */
export async function indexOldNames(deps: NameDeps): Promise<void> {
  const tasks = WALKS.map(({ task }) => task);
  const done = await deps.db
    .select({ task: backfills.task })
    .from(backfills)
    .where(and(inArray(backfills.task, tasks), isNotNull(backfills.doneAt)));
  const finished = new Set(done.map(({ task }) => task));
  for (const walk of WALKS) {
    if (!finished.has(walk.task)) await goOn(deps, walk);
  }
}

async function goOn(deps: NameDeps, { task, page }: Walk): Promise<void> {
  const { db } = deps;
  await db.insert(backfills).values({ task }).onConflictDoNothing();
  for (let step = 0; step < MOST_STEPS; step++) {
    const [walk] = await db.select().from(backfills).where(eq(backfills.task, task));
    if (!walk || walk.doneAt !== null) return;
    const rows = await page(deps, walk.cursor);
    const last = rows.at(-1);
    const here = and(eq(backfills.task, task), eq(backfills.cursor, walk.cursor), isNull(backfills.doneAt));
    if (last === undefined) {
      await db.update(backfills).set({ doneAt: deps.clock.now() }).where(here);
      deps.log.info('backfill.done', { task });
      return;
    }
    await db.batch([indexRows(db, rows), db.update(backfills).set({ cursor: last.cursor }).where(here)]);
  }
}

/** A row that another worker has indexed already stays as it is. */
function indexRows(db: Deps['db'], rows: Row[]) {
  const pairs = JSON.stringify(rows.flatMap(({ name, skeletons }) => skeletons.map((skeleton) => [skeleton, name])));
  return db
    .insert(nameSkeletons)
    .select(sql`select value ->> 0, value ->> 1 from json_each(${pairs}) where true`)
    .onConflictDoNothing();
}

async function skillsAfter({ db }: NameDeps, cursor: string): Promise<Row[]> {
  const found = await db
    .select({ id: skills.id, name: skills.name })
    .from(skills)
    .where(and(gt(skills.id, Number(cursor)), eq(skills.visibility, 'public'), isNotNull(skills.slug)))
    .orderBy(asc(skills.id))
    .limit(NAMES_PAGE);
  return found.map(({ id, name }) => ({ cursor: String(id), name, skeletons: Object.values(skeletonsOf(name)) }));
}

/** Slugs that skills had before they were renamed: as long as those lead somewhere, they count as names. */
async function formerSlugsAfter({ db }: NameDeps, cursor: string): Promise<Row[]> {
  const found = await db
    .select({ slug: skillAliases.slug })
    .from(skillAliases)
    .where(and(gt(skillAliases.slug, cursor), sql`instr(${skillAliases.slug}, '.') = 0`))
    .orderBy(asc(skillAliases.slug))
    .limit(NAMES_PAGE);
  return found.flatMap(({ slug }) =>
    slug === null ? [] : [{ cursor: slug, name: slug, skeletons: Object.values(skeletonsOf(slug)) }],
  );
}

async function namespacesAfter({ db }: NameDeps, cursor: string): Promise<Row[]> {
  const found = await db
    .select({ slug: namespaces.slug })
    .from(namespaces)
    .where(gt(namespaces.slug, cursor))
    .orderBy(asc(namespaces.slug))
    .limit(NAMES_PAGE);
  return found.map(({ slug }) => ({ cursor: slug, name: slug, skeletons: [namespaceSkeleton(slug)] }));
}
