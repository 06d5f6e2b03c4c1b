import { and, eq, isNotNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { nameSegments, nameSkeletons, skillAliases, skills } from '../../db/schema/catalog.ts';
import { countOf } from '../../db/up-to.ts';
import { nameSegments as segmentsOf, similarNameProbes } from '../../vetting/edit-distance.ts';
import { lookOf, MIN_LOOK_LENGTH, skeletonsOf } from '../../vetting/name-skeleton.ts';
import type { Deps } from '../deps.ts';

/** Public names of other namespaces that the rules on names have to look at, each perhaps more than once. */
export async function closeNames(
  deps: Pick<Deps, 'db'>,
  namespace: string,
  name: string,
): Promise<{ namespace: string; name: string }[]> {
  return [...(await similarNames(deps, namespace, name)), ...(await lookAlikes(deps, namespace, name))];
}

/**
 * Public names of other namespaces, also former ones, that may lie within edit distance 2 of `name`: every one that does, and some that
 * do not. Two names that close share at least one of three segments (Li, Deng, Wang and Feng, "Pass-Join", VLDB
 * 2011), so the index is probed for segments and the catalogue is never scanned.
 */
export async function similarNames(
  deps: Pick<Deps, 'db'>,
  namespace: string,
  name: string,
): Promise<{ namespace: string; name: string }[]> {
  const probes = probesFor(name);
  // A name that no flat slug is made of is another namespace's too, and counts as that.
  const had = sql`(select ${skillAliases.skillId} from ${skillAliases} where ${skillAliases.slug} = ${nameSegments.name})`;
  return deps.db
    .selectDistinct({ namespace: skills.namespace, name: nameSegments.name })
    .from(sql`json_each(${probes}) as probe`)
    .innerJoin(
      nameSegments,
      and(
        eq(nameSegments.length, sql`probe.value ->> 0`),
        eq(nameSegments.segment, sql`probe.value ->> 1`),
        eq(nameSegments.text, sql`probe.value ->> 2`),
      ),
    )
    .innerJoin(skills, or(eq(skills.name, nameSegments.name), eq(skills.id, had)))
    .where(
      and(
        ne(skills.namespace, namespace),
        eq(skills.visibility, 'public'),
        or(isNotNull(skills.latestVersionId), isNotNull(skills.mergedInto)),
      ),
    );
}

/** More would tell nobody more. */
const MOST_LOOK_ALIKES = 5;

/**
 * Public names of other namespaces, also former ones, that look like `name` or have its stem: at most five of each, and
 * as many rows read however large the catalogue is.
 */
export async function lookAlikes(
  { db }: Pick<Deps, 'db'>,
  namespace: string,
  name: string,
): Promise<{ namespace: string; name: string }[]> {
  const { look, stem } = skeletonsOf(name);
  const held = (key: string) => sql`select * from (
    select same.name as name, (${holderOf(sql`same.name`, namespace)}) as namespace
    from ${nameSkeletons} as same where same.skeleton = ${key} and same.name <> ${name}
  ) where namespace is not null limit ${countOf(MOST_LOOK_ALIKES)}`;
  return db
    .select({ namespace: sql<string>`found.namespace`.as('namespace'), name: sql<string>`found.name`.as('name') })
    .from(sql`(select * from (${held(look)}) union select * from (${held(stem)})) as found`);
}

/**
 * True when a name is there by now that blocks or may block this one and was not there when `known` were found: the guard
 * of a batch that makes the name public.
 */
export function hasNewRival(namespace: string, name: string, known: readonly string[]): SQL {
  const isNew = (other: SQL) => sql`${other} <> ${name}
    and ${other} not in (select value from json_each(${JSON.stringify(known)})) and exists (${holderOf(other, namespace)})`;
  const close = sql`exists (select 1 from json_each(${probesFor(name)}) as probe
    inner join ${nameSegments} as part on part.length = probe.value ->> 0 and part.segment = probe.value ->> 1
      and part.text = probe.value ->> 2
    where ${isNew(sql`part.name`)})`;
  if (lookOf(name).length < MIN_LOOK_LENGTH) return close;
  return sql`(${close} or exists (select 1 from ${nameSkeletons} as same
    where same.skeleton = ${skeletonsOf(name).look} and ${isNew(sql`same.name`)}))`;
}

function probesFor(name: string): string {
  return JSON.stringify(similarNameProbes(name).map(({ length, index, text }) => [length, index, text]));
}

/** Another namespace that shows a skill under this name, or under a slug that it had before. */
function holderOf(name: SQL, namespace: string): SQL {
  return sql`select holder.namespace from ${skills} as holder
    where (holder.name = ${name} or holder.id = (select former.skill_id from ${skillAliases} as former where former.slug = ${name}))
      and holder.namespace <> ${namespace} and holder.visibility = 'public'
      and (holder.latest_version_id is not null or holder.merged_into is not null)
    limit 1`;
}

/** The statements, for one batch, that make a public name findable by `similarNames` and `lookAlikes` if the guard holds. */
export function indexName({ db }: Pick<Deps, 'db'>, name: string, guard: SQL) {
  const segments = JSON.stringify(segmentsOf(name).map(({ length, index, text }) => [length, index, text]));
  const skeletons = JSON.stringify(Object.values(skeletonsOf(name)));
  return [
    db
      .insert(nameSegments)
      .select(sql`select value ->> 0, value ->> 1, value ->> 2, ${name} from json_each(${segments}) where ${guard}`)
      .onConflictDoNothing(),
    db
      .insert(nameSkeletons)
      .select(sql`select value, ${name} from json_each(${skeletons}) where ${guard}`)
      .onConflictDoNothing(),
  ] as const;
}
