import type { Deps } from '../deps.ts';
import { sealLog } from './seal.ts';
import { requireLog } from './show-checkpoint.ts';

/** Seals what was appended since the last time, and signs the checkpoint anew when it has come of age. */
export async function sweepLog(deps: Pick<Deps, 'db' | 'bundles' | 'clock' | 'logSigner'>): Promise<void> {
  if (deps.logSigner) await sealLog(requireLog(deps));
}
