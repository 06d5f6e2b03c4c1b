import { sweepLoginCodes } from '../core/accounts/sweep-login-codes.ts';
import type { Deps } from '../core/deps.ts';
import { describeFault } from '../core/fault.ts';
import { sweepJobs, sweepStaged } from '../core/publishing/sweep-jobs.ts';
import { sweepTickets } from '../core/uploads/sweep-tickets.ts';

/** What has to happen from time to time, whatever else does. Each part runs even when another one fails. */
export async function runScheduled(deps: Deps): Promise<void> {
  const outcomes = await Promise.allSettled([
    sweepJobs(deps),
    sweepStaged(deps),
    sweepLoginCodes(deps),
    sweepTickets(deps),
  ]);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      deps.log.error('sweep.failed', { cause: describeFault(outcome.reason).cause });
    }
  }
}
