import { lt } from 'drizzle-orm';
import { accessTokens } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { CLOCK_SKEW_SECONDS } from './token-keys.ts';

/** Deletes the rows of tokens that nobody takes any more, whatever their rows say. */
export async function sweepTokens(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  const over = deps.clock.now() - 2 * CLOCK_SKEW_SECONDS * 1000;
  await deps.db.delete(accessTokens).where(lt(accessTokens.expiresAt, over));
}
