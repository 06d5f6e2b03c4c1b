import { and, eq, inArray, or } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { transfers } from '../../db/schema/moderation.ts';
import { type Actor, authorize, namespacesOf } from '../accounts/actor.ts';
import type { OwnedRef } from '../catalog/find-by-ref.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { isPending } from './transfer-state.ts';

/**
 * The pending transfer of a skill to the actor, who needs `admin` where it goes. The skill is named by its flat slug or its
 * name, and its present owner; it may be private, so only the transfer makes it known.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` when several owners offer a skill of that name
 */
export async function findIncoming(deps: Pick<Deps, 'db' | 'clock'>, actor: Actor, ref: OwnedRef) {
  if (actor.kind === 'anonymous') authorize(actor, 'admin', '');
  const found = await deps.db
    .select({ transfer: transfers, skill: skills })
    .from(transfers)
    .innerJoin(skills, eq(skills.id, transfers.skillId))
    .where(
      and(
        isPending(deps.clock.now()),
        actor.kind === 'operator' ? undefined : inArray(transfers.toNamespace, namespacesOf(actor)),
        ref.owner === undefined ? undefined : eq(transfers.fromNamespace, ref.owner),
        or(eq(skills.slug, ref.slug), eq(skills.name, ref.slug)),
      ),
    )
    .limit(10);
  const exact = ref.owner === undefined ? found.find(({ skill }) => skill.slug === ref.slug) : undefined;
  const [first, second] = exact ? [exact] : found;
  if (!first) {
    throw new Problem('not_found', `There is no pending transfer of '${ref.slug}' to you.`, {
      fix: 'List the incoming transfers; one lasts seven days.',
    });
  }
  if (second) {
    throw new Problem('state_conflict', `Several skills called '${ref.slug}' are offered to you.`, {
      fix: `Name the owner, e.g. @${first.skill.namespace}/${first.skill.name}.`,
    });
  }
  authorize(actor, 'admin', first.transfer.toNamespace);
  return first;
}
