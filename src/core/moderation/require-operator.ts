import { type Actor, authorize } from '../accounts/actor.ts';
import { Problem } from '../problem.ts';

/** Passes for operators of the hub alone. @throws Problem `unauthorized`, `forbidden` */
export function requireOperator(actor: Actor): void {
  if (actor.kind === 'operator') return;
  if (actor.kind === 'anonymous') authorize(actor, 'admin', '');
  throw new Problem('forbidden', 'Only an operator of this hub can do this.', { fix: 'Use the operator key.' });
}
