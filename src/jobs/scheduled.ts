import { sweepDeviceLogins } from '../core/accounts/device-login/sweep.ts';
import { sweepKeys } from '../core/accounts/sweep-keys.ts';
import { sweepLoginCodes } from '../core/accounts/sweep-login-codes.ts';
import { sweepTokens } from '../core/accounts/sweep-tokens.ts';
import type { Deps } from '../core/deps.ts';
import { sweepDownloads } from '../core/downloads/sweep-downloads.ts';
import { describeFault } from '../core/fault.ts';
import { sweepLog } from '../core/log/sweep-log.ts';
import { sweepRescans } from '../core/moderation/run-rescan.ts';
import { rescanAfterUpgrade } from '../core/moderation/start-rescan.ts';
import { sweepScans } from '../core/moderation/sweep-scans.ts';
import { sweepJobs, sweepStaged } from '../core/publishing/sweep-jobs.ts';
import { sweepResigning } from '../core/signing/run-resigning.ts';
import { sweepRotations } from '../core/signing/sweep-rotations.ts';
import { sweepTickets } from '../core/uploads/sweep-tickets.ts';
import { indexOldNames } from '../core/vetting/index-old-names.ts';

/** What has to happen from time to time, whatever else does. Each part runs even when another one fails. */
export async function runScheduled(deps: Deps): Promise<void> {
  const outcomes = await Promise.allSettled([
    sweepJobs(deps),
    sweepStaged(deps),
    sweepLoginCodes(deps),
    sweepDeviceLogins(deps),
    sweepTokens(deps),
    sweepKeys(deps),
    sweepTickets(deps),
    sweepScans(deps),
    sweepRescans(deps),
    rescanAfterUpgrade(deps),
    indexOldNames(deps),
    sweepLog(deps),
    sweepRotations(deps),
    sweepResigning(deps),
    deps.downloads.flush(),
    sweepDownloads(deps),
  ]);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      deps.log.error('sweep.failed', { cause: describeFault(outcome.reason).cause });
    }
  }
}
