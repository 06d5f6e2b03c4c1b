import type { Deps, JobMessage } from '../core/deps.ts';
import { countDownloads } from '../core/downloads/count-downloads.ts';
import { describeFault } from '../core/fault.ts';
import { runRescan } from '../core/moderation/run-rescan.ts';
import { runScan } from '../core/moderation/run-scan.ts';
import { runJob } from '../core/publishing/run-job.ts';
import { runResigning } from '../core/signing/run-resigning.ts';
import { jobMessageSchema } from './message.ts';

/** The part of a platform's queue message that a consumer needs. */
export interface Delivery {
  readonly body: unknown;
  ack(): void;
  retry(options?: { delaySeconds?: number }): void;
}

/** When even the fault could not be recorded; the job row's lease has run out by then. */
const BLIND_RETRY_SECONDS = 60;

/**
 * Works a batch off, message by message: each is acknowledged or sent back on its own. A message that cannot be read
 * is dropped with a log line, since no retry would mend it.
 */
export async function consume(deps: Deps, deliveries: readonly Delivery[]): Promise<void> {
  for (const delivery of deliveries) {
    const message = jobMessageSchema.safeParse(delivery.body);
    if (!message.success) {
      deps.log.error('queue.message.unreadable');
      delivery.ack();
      continue;
    }
    await work(deps, message.data, delivery);
  }
}

async function work(deps: Deps, message: JobMessage, delivery: Delivery): Promise<void> {
  try {
    const { retryAfter } = await handle(deps, message);
    if (retryAfter === undefined) delivery.ack();
    else delivery.retry({ delaySeconds: retryAfter });
  } catch (error) {
    deps.log.error('job.unrecorded', { type: message.type, id: idOf(message), cause: describeFault(error).cause });
    delivery.retry({ delaySeconds: BLIND_RETRY_SECONDS });
  }
}

/** @returns seconds until the message should come again, if it should */
async function handle(deps: Deps, message: JobMessage): Promise<{ retryAfter?: number }> {
  switch (message.type) {
    case 'vet':
      return runJob(deps, message.jobId);
    case 'scan':
      return runScan(deps, message.scanId);
    case 'rescan':
      await runRescan(deps, message.rescanId);
      return {};
    case 'resign':
      await runResigning(deps, message.keyId);
      return {};
    case 'downloads':
      await countDownloads(deps, message);
      return {};
  }
}

function idOf(message: JobMessage): string {
  switch (message.type) {
    case 'vet':
      return message.jobId;
    case 'scan':
      return message.scanId;
    case 'rescan':
      return message.rescanId;
    case 'resign':
      return message.keyId;
    case 'downloads':
      return message.batchId;
  }
}
