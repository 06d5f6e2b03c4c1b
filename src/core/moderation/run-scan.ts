import type { Deps } from '../deps.ts';

/** Looks at a published version again. */
export async function runScan(_deps: Deps, _scanId: string): Promise<{ retryAfter?: number }> {
  throw new Error('not written yet');
}
