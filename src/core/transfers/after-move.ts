import type { Actor } from '../accounts/actor.ts';
import { staleTags } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import type { Move } from './move-skill.ts';
import { requireRoom } from './require-room.ts';

type AfterDeps = Pick<Deps, 'db' | 'settings' | 'cache' | 'log'>;

/**
 * What follows a move: readers see the skill under its new name, or whoever asked learns why it did not move.
 *
 * @param moved what the batch returned of the skill
 * @returns the flat slug, or the name of a skill that has none yet
 * @throws Problem as `requireRoom`, else `state_conflict`, when something came in between
 */
export async function afterMove(
  deps: AfterDeps,
  actor: Actor,
  { skill, to, transferId }: Move,
  moved: readonly { slug: string | null }[],
): Promise<string> {
  const { namespace, name } = skill;
  const [row] = moved;
  if (!row) {
    await requireRoom(deps, actor, skill, to);
    throw new Problem('state_conflict', `The transfer of @${namespace}/${name} changed while it was carried out.`, {
      fix: 'List your transfers, and try again: skills owner list.',
    });
  }
  deps.cache.forget([...staleTags(namespace, name), ...staleTags(to, name)]);
  deps.log.info('transfer.accepted', { transferId, namespace, name, to });
  return row.slug ?? name;
}
