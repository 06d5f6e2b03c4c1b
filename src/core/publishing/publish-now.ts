import type { Actor } from '../accounts/actor.ts';
import { bundleKeys } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { claimTickets, readSentFiles, releaseTickets, type SentFile } from '../uploads/claim-files.ts';
import { type AcceptedBundle, acceptBundle, type Submission, type Upload } from './accept-bundle.ts';
import { waitForJob } from './wait-for-job.ts';

export interface Publication extends AcceptedBundle {
  /** `pending` when vetting takes longer than the client can wait; the job goes on. */
  status: 'published' | 'pending';
}

type PublishDeps = Pick<Deps, 'db' | 'bundles' | 'queue' | 'clock' | 'sleep' | 'random' | 'settings' | 'log'>;

/**
 * Publishes for a client that wants to know at once what became of it.
 *
 * @throws Problem as `acceptBundle` and `waitForJob` do
 */
export async function publishNow(deps: PublishDeps, actor: Actor, upload: Upload): Promise<Publication> {
  const accepted = await acceptBundle(deps, actor, upload);
  return { ...accepted, status: await waitForJob(deps, accepted.jobId) };
}

/**
 * The same with files that were sent before. Their tickets are used up once the upload is accepted; until then a
 * refusal gives them back, so that a client may try again.
 *
 * @throws Problem as `claimTickets`, `acceptBundle` and `waitForJob` do
 */
export async function publishSentFiles(
  deps: PublishDeps,
  actor: Actor,
  submission: Submission & { sent: readonly SentFile[] },
): Promise<Publication> {
  const { sent, ...rest } = submission;
  const tickets = await claimTickets(deps, actor, sent);
  const accepted = await acceptTickets(deps, actor, rest, tickets);
  await dropFiles(deps, tickets);
  return { ...accepted, status: await waitForJob(deps, accepted.jobId) };
}

async function acceptTickets(
  deps: PublishDeps,
  actor: Actor,
  submission: Submission,
  tickets: Awaited<ReturnType<typeof claimTickets>>,
): Promise<AcceptedBundle> {
  try {
    return await acceptBundle(deps, actor, { ...submission, files: await readSentFiles(deps, tickets) });
  } catch (error) {
    await releaseTickets(deps, tickets);
    throw error;
  }
}

/** The bundle holds the files now; what cannot be deleted here, the sweeper deletes with its ticket. */
async function dropFiles(deps: Pick<Deps, 'bundles' | 'log'>, tickets: readonly { id: string }[]): Promise<void> {
  try {
    await deps.bundles.delete(tickets.map(({ id }) => bundleKeys.ticket(id)));
  } catch (error) {
    deps.log.error('tickets.files.kept', { tickets: tickets.length, cause: describeFault(error).cause });
  }
}
