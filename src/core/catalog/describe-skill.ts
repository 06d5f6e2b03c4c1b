import { eq } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findShownByRef, isMeant, type OwnedRef, pickMeant } from './find-by-ref.ts';
import type { SkillRow } from './find-skill.ts';
import { type SkillSummary, SUMMARY_CARD_COLUMNS, SUMMARY_LATEST_COLUMNS, toSummary } from './skill-summaries.ts';
import { type DescribedVersion, newestOf } from './skill-versions.ts';

export interface DescribedSkill {
  skill: SkillRow;
  /** Absent when it was hidden or lost its last version meanwhile. */
  summary: SkillSummary | undefined;
  versions: DescribedVersion[];
}

/**
 * A skill with its summary and its newest versions. One statement where the skill is called so now; for others
 * `findShownByRef` decides.
 *
 * @throws Problem as `findShownByRef` does
 */
export async function describeSkill(deps: Pick<Deps, 'db'>, actor: Actor, ref: OwnedRef): Promise<DescribedSkill> {
  const rows = await descriptions(deps).where(isMeant(actor, ref));
  const candidates = rows.map(({ skill }) => skill);
  const named = pickMeant(candidates, actor, ref);
  const row = rows.find(({ skill }) => skill === named);
  if (row && isShown(row) && row.skill.mergedInto === null) return toDescription(row);
  const skill = await findShownByRef(deps, actor, ref);
  const [shown] = await descriptions(deps).where(eq(skills.id, skill.id));
  return shown && isShown(shown) ? toDescription(shown) : { skill, summary: undefined, versions: [] };
}

function descriptions({ db }: Pick<Deps, 'db'>) {
  return db
    .select({ skill: skills, latest: SUMMARY_LATEST_COLUMNS, ...SUMMARY_CARD_COLUMNS, newest: newestOf(skills.id) })
    .from(skills)
    .leftJoin(versions, eq(versions.id, skills.latestVersionId))
    .leftJoin(skillCards, eq(skillCards.skillId, skills.id));
}

type Row = Awaited<ReturnType<typeof descriptions>>[number];
type ShownRow = Row & { latest: NonNullable<Row['latest']> };

function isShown(row: Row): row is ShownRow {
  return row.skill.hiddenAt === null && row.latest !== null;
}

function toDescription({ skill, latest, newest, ...card }: ShownRow): DescribedSkill {
  return { skill, summary: toSummary({ ...skill, ...latest, ...card }), versions: newest };
}
