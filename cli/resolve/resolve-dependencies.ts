import { conflictError, tooLong } from './conflict.ts';
import { type Demand, readDemand } from './demand.ts';
import { KnownSkills } from './known-skills.ts';
import type { LeftOut, Plan, VersionSource, Wanted } from './plan.ts';
import { type Chosen, Search, SearchTooLong } from './search.ts';

export { addressText, type LeftOut, type Plan, type PlannedSkill, type VersionSource, type Wanted } from './plan.ts';

/** Far more than any honest set of skills needs, and few enough requests for a registry that invents skills. */
const MAX_STEPS = 5_000;

/**
 * Finds one version a skill for everything that is wanted and for all that this needs. A version that `prefer` names is
 * kept where it fits, yanked or not; otherwise the newest one that is not yanked is taken, those that were wanted first
 * having the first choice. Prereleases count only for ranges that name one. If there is any solution, it is found.
 *
 * Optional skills are looked at last: none changes what the others get, and one that does not fit is left out.
 *
 * @param prefer versions by `@namespace/name`, as from a lock file
 * @throws CodedError `not_found` for something wanted that does not exist, `dependency_missing` for something needed that
 * does not, `dependency_conflict` when ranges exclude one another, `dependencies_too_complex` after 5,000 tries; whatever
 * `source` throws
 */
export async function resolveDependencies(
  wanted: readonly Wanted[],
  source: VersionSource,
  prefer: ReadonlyMap<string, string>,
  { maxSteps = MAX_STEPS }: { maxSteps?: number } = {},
): Promise<Plan> {
  const known = new KnownSkills(source, prefer);
  const search = new Search(known, maxSteps);
  const demands = await Promise.all(wanted.map((one) => readDemand(source, one)));
  try {
    const clash = await search.add(demands.filter((demand) => !demand.wanted.optional));
    if (clash !== undefined) throw await conflictError(clash, known);
  } catch (error) {
    throw error instanceof SearchTooLong ? tooLong(error) : error;
  }
  const optional = demands.filter((demand) => demand.wanted.optional);
  const leftOut = await addOptional(search, optional, known);
  const skills = [...search.chosen.values()].map(({ demands, ...skill }) => ({
    ...skill,
    dependencies: demands.map((demand) => demand.wanted),
  }));
  return { skills, leftOut };
}

/** Adds the optional skills that fit, then those that are optional to these, one after another. */
async function addOptional(search: Search, first: readonly Demand[], known: KnownSkills): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = [];
  const asked = new Set<string>();
  let open = [...first, ...optionalOf(search.chosen, asked)];
  while (open.length > 0) {
    for (const demand of open) {
      const reason = await whyNot(search, demand, known);
      if (reason !== undefined) leftOut.push({ wanted: demand.wanted, reason });
    }
    open = optionalOf(search.chosen, asked);
  }
  return leftOut;
}

/** What the skills want that were not asked yet. */
function optionalOf(chosen: ReadonlyMap<string, Chosen>, asked: Set<string>): Demand[] {
  const fresh = [...chosen].filter(([address]) => !asked.has(address));
  for (const [address] of fresh) asked.add(address);
  return fresh.flatMap(([, { demands }]) => demands.filter(({ wanted }) => wanted.optional));
}

async function whyNot(search: Search, demand: Demand, known: KnownSkills): Promise<string | undefined> {
  try {
    const clash = await search.add([demand]);
    return clash && (await conflictError(clash, known)).message;
  } catch (error) {
    if (error instanceof SearchTooLong) return tooLong(error).message;
    throw error;
  }
}
