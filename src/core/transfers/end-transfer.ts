import { and, eq } from 'drizzle-orm';
import { transfers } from '../../db/schema/moderation.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { findByRef, type OwnedRef } from '../catalog/find-by-ref.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findIncoming } from './find-incoming.ts';
import { isPending } from './transfer-state.ts';

type EndDeps = Pick<Deps, 'db' | 'clock' | 'log'>;

/** The skill of a transfer that is over, as it is called now. */
export interface EndedTransfer {
  namespace: string;
  name: string;
  /** Its flat slug, or its name while it has none. */
  slug: string;
}

/**
 * Refuses a skill that its owner offered. Needs `admin` in the receiving namespace.
 *
 * @throws Problem as `findIncoming` does
 */
export async function rejectTransfer(deps: EndDeps, actor: Actor, ref: OwnedRef): Promise<EndedTransfer> {
  const { transfer, skill } = await findIncoming(deps, actor, ref);
  return end(deps, skill, 'rejected', transfer.id);
}

/**
 * Takes an offer back. Needs `admin` in the namespace that owns the skill.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found` also when no transfer of the skill is pending
 */
export async function cancelTransfer(deps: EndDeps, actor: Actor, ref: OwnedRef): Promise<EndedTransfer> {
  const skill = await findByRef(deps, actor, ref);
  authorize(actor, 'admin', skill.namespace);
  return end(deps, skill, 'cancelled');
}

type Subject = { id: number; namespace: string; name: string; slug: string | null };

async function end(
  deps: EndDeps,
  skill: Subject,
  state: 'rejected' | 'cancelled',
  transferId?: string,
): Promise<EndedTransfer> {
  const { namespace, name } = skill;
  const which = transferId === undefined ? undefined : eq(transfers.id, transferId);
  const [ended] = await deps.db
    .update(transfers)
    .set({ state })
    .where(and(eq(transfers.skillId, skill.id), which, isPending(deps.clock.now())))
    .returning({ id: transfers.id });
  if (!ended) {
    throw new Problem('not_found', `No transfer of @${namespace}/${name} is pending.`, {
      fix: 'List your transfers: skills owner list.',
    });
  }
  deps.log.info(`transfer.${state}`, { transferId: ended.id, namespace, name });
  return { namespace, name, slug: skill.slug ?? name };
}
