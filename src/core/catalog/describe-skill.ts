import { sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findShownByRef, idByRef, isMeant, MEANT, type OwnedRef, pickMeant } from './find-by-ref.ts';
import type { SkillRow } from './find-skill.ts';
import { type SkillSummary, selectSummary, toSummary } from './skill-summaries.ts';
import { selectVersions, type VersionSummary } from './skill-versions.ts';

export interface DescribedSkill {
  skill: SkillRow;
  /** Absent when it was hidden or lost its last version meanwhile. */
  summary: SkillSummary | undefined;
  versions: VersionSummary[];
}

/**
 * A skill with its summary and its newest versions. One round trip to the database where the skill is called so now; for
 * others `findShownByRef` decides.
 *
 * @throws Problem as `findShownByRef` does
 */
export async function describeSkill(deps: Pick<Deps, 'db'>, actor: Actor, ref: OwnedRef): Promise<DescribedSkill> {
  const { slug, owner } = ref;
  const id = idByRef(actor, sql`${slug}`, sql`${owner ?? null}`);
  const [meant, ...described] = await deps.db.batch([
    deps.db.select().from(skills).where(isMeant(actor, ref)).limit(MEANT),
    selectSummary(deps, id),
    selectVersions(deps, id),
  ]);
  const named = pickMeant(meant, actor, ref);
  const [row] = described[0];
  const isPlain = named?.hiddenAt === null && named.mergedInto === null && named.latestVersionId !== null;
  const skill = isPlain ? named : await findShownByRef(deps, actor, ref);
  if (skill.id === row?.id) return toDescription(skill, described);
  return toDescription(skill, await deps.db.batch([selectSummary(deps, skill.id), selectVersions(deps, skill.id)]));
}

type Rows = [Parameters<typeof toSummary>[0][], VersionSummary[]];

function toDescription(skill: SkillRow, [[row], versions]: Rows): DescribedSkill {
  return { skill, summary: row && toSummary(row), versions };
}
