import { type Actor, authorize, bannedFor, holds, namespacesOf, requireNoBan } from '../accounts/actor.ts';
import { Problem } from '../problem.ts';

/** Whether the actor is an operator, or a key with the scope `admin` of a namespace that moderates. */
export function isModerator(actor: Actor): boolean {
  if (actor.kind === 'operator') return true;
  if (actor.kind !== 'key' || bannedFor(actor, actor.namespace) !== undefined) return false;
  return actor.moderator === true && holds(actor.scopes, 'admin');
}

/**
 * Passes for operators and moderators. Nobody but an operator decides about what is their own.
 *
 * @param namespace what the decision is about, if it is about one
 * @throws Problem `unauthorized`, `forbidden`
 */
export function requireModerator(actor: Actor, namespace?: string): void {
  if (actor.kind === 'anonymous') authorize(actor, 'admin', '');
  if (actor.kind === 'key') requireNoBan(actor, actor.namespace);
  if (!isModerator(actor)) {
    throw new Problem('forbidden', 'Only operators and moderators of this hub can do this.', {
      fix: "Use the operator key, or a moderator's key with the scope 'admin'.",
    });
  }
  if (namespace === undefined || !namespacesOf(actor).includes(namespace)) return;
  throw new Problem('forbidden', `'${namespace}' is your own: somebody else has to decide about it.`, {
    fix: 'Ask another moderator, or the operator.',
  });
}
