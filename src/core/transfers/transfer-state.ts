import { and, eq, gt, type SQL } from 'drizzle-orm';
import { transfers } from '../../db/schema/moderation.ts';
import { Problem } from '../problem.ts';

/** How long the receiver may take: seven days, as ClawHub's clients print. */
export const TRANSFER_MS = 7 * 86_400_000;

/** True of transfers that can still be accepted. @param now milliseconds since the epoch */
export function isPending(now: number): SQL | undefined {
  return and(eq(transfers.state, 'pending'), gt(transfers.expiresAt, now));
}

/** @throws Problem `state_conflict` in the words of a skill that its owner has offered already */
export function alreadyPending({ namespace, name }: { namespace: string; name: string }): Problem {
  return new Problem('state_conflict', `A transfer of @${namespace}/${name} is pending already.`, {
    fix: 'Cancel it first.',
  });
}
