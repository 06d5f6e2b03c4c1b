import { and, eq, isNull } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { CARD_COLUMNS, CARD_JOINS, type Card, noSuchSlug, requireReadable, toCard } from './card.ts';

/**
 * The card of the skill behind a flat slug.
 *
 * @throws Problem `not_found` also for a skill that is hidden or has no published version, `forbidden` for a private one
 */
export async function getCard({ db }: Pick<Deps, 'db'>, actor: Actor, slug: string): Promise<Card> {
  const [row] = await db
    .select(CARD_COLUMNS)
    .from(skills)
    .innerJoin(versions, CARD_JOINS.version)
    .innerJoin(namespaces, CARD_JOINS.owner)
    .leftJoin(skillCards, CARD_JOINS.card)
    .where(and(eq(skills.slug, slug), isNull(skills.hiddenAt)));
  if (!row) throw noSuchSlug(slug);
  requireReadable(row, actor);
  return toCard(row, actor);
}
