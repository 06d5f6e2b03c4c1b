import { eq, sql } from 'drizzle-orm';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import type { CardSource, Facet } from './card.ts';
import { findAnyoneBySlug } from './find-by-slug.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow } from './latest-version.ts';
import { setVisibility } from './set-visibility.ts';
import { nextUpdate } from './update-time.ts';

/** The fields to change; what is absent stays. Texts and the order of lists are kept as they are given. */
export interface CardPatch extends Partial<Record<Facet, string[]>> {
  displayName?: string;
  summary?: string;
  videoAttachmentUrl?: string;
  businessCategory?: string;
  visibility?: Visibility;
  source?: CardSource;
}

type EditDeps = Pick<Deps, 'settings' | 'db' | 'clock' | 'cache' | 'log'>;
type Subject = Awaited<ReturnType<typeof findAnyoneBySlug>>;

/**
 * Changes the card of the skill behind a flat slug. Needs `publish`; another visibility than it has needs `admin`, and
 * `source` is for operators to say. All rights are checked before anything is written. The visibility is changed in
 * a step of its own, after the rest.
 *
 * @throws Problem `not_found` before anything else, `unauthorized`, `forbidden`
 */
export async function editCard(deps: EditDeps, actor: Actor, slug: string, patch: CardPatch): Promise<void> {
  const skill = await findAnyoneBySlug(deps, slug);
  const { visibility = skill.visibility, ...fields } = patch;
  authorize(actor, 'publish', skill.namespace);
  if (visibility !== skill.visibility) authorize(actor, 'admin', skill.namespace);
  if (fields.source !== undefined && actor.kind !== 'operator') {
    throw new Problem('forbidden', "Only an operator of this hub can set 'source'.", { fix: 'Leave it out.' });
  }
  await writeCard(deps, skill, fields);
  if (visibility !== skill.visibility) await setVisibility(deps, actor, { ...skill, visibility });
  deps.log.info('card.edited', { namespace: skill.namespace, name: skill.name });
}

async function writeCard(deps: EditDeps, skill: Subject, fields: Omit<CardPatch, 'visibility'>): Promise<void> {
  const { db } = deps;
  const updatedAt = sql<number>`(select ${skills.updatedAt} from ${skills} where ${skills.id} = ${skill.id})`;
  // A new card takes over what it showed as tags until now: its column cannot say "as the latest version has it".
  const keywords = sql<string[]>`coalesce((select ${versions.metadata} -> '$.keywords' from ${versions}
    inner join ${skills} on ${skills.latestVersionId} = ${versions.id} where ${skills.id} = ${skill.id}), '[]')`;
  await db.batch([
    db
      .update(skills)
      .set({ updatedAt: nextUpdate(deps.clock.now()) })
      .where(eq(skills.id, skill.id)),
    db
      .insert(skillCards)
      .values({ skillId: skill.id, tags: keywords, ...fields, updatedAt })
      .onConflictDoUpdate({ target: skillCards.skillId, set: { ...fields, updatedAt } }),
    ...refreshSearchRow(db, skill.id, sql`1`),
  ]);
  deps.cache.forget(staleTags(skill.namespace, skill.name));
}
