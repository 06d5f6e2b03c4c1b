import type { Actor } from '../accounts/actor.ts';
import type { OwnedRef } from '../catalog/find-by-ref.ts';
import type { Deps } from '../deps.ts';
import { afterMove } from './after-move.ts';
import type { EndedTransfer } from './end-transfer.ts';
import { findIncoming } from './find-incoming.ts';
import { moveSkill } from './move-skill.ts';
import { requireRoom } from './require-room.ts';

/**
 * Takes a skill over that its owner offered. Needs `admin` in the receiving namespace. The skill keeps its versions, stars,
 * counts and visibility; its old name leads to it.
 *
 * @throws Problem as `findIncoming` and `requireRoom` do
 */
export async function acceptTransfer(
  deps: Pick<Deps, 'db' | 'clock' | 'settings' | 'cache' | 'log'>,
  actor: Actor,
  ref: OwnedRef,
): Promise<EndedTransfer> {
  const { transfer, skill } = await findIncoming(deps, actor, ref);
  const to = transfer.toNamespace;
  const move = { transferId: transfer.id, skill, to, room: await requireRoom(deps, actor, skill, to) };
  const [, , moved] = await deps.db.batch(moveSkill(deps, actor, move));
  return { namespace: to, name: skill.name, slug: await afterMove(deps, actor, move, moved) };
}
