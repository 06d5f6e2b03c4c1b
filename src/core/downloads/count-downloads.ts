import type { Deps, DownloadMark } from '../deps.ts';

/** Counts a batch of downloads. */
export async function countDownloads(
  _deps: Pick<Deps, 'db' | 'clock'>,
  _batch: { batchId: string; day: number; marks: DownloadMark[] },
): Promise<void> {
  throw new Error('not written yet');
}
