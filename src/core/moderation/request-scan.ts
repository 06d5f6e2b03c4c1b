import { and, desc, eq, inArray, notExists, sql } from 'drizzle-orm';
import { scans } from '../../db/schema/moderation.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { findShownByRef, type OwnedRef } from '../catalog/find-by-ref.ts';
import { getVersion } from '../catalog/get-version.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { DELIVERY_GRACE_MS } from '../publishing/job-state.ts';
import type { Scan } from './scan-state.ts';

export interface RequestedScan {
  id: string;
  state: Scan['state'];
  /** True when this version was waiting for a scan, or in one, already. */
  alreadyQueued: boolean;
}

type RequestDeps = Pick<Deps, 'db' | 'queue' | 'clock' | 'random' | 'log'>;

/**
 * Has a published version looked at again. Needs `publish`. One scan of a version at a time.
 *
 * @param ref `version` is a number, a range or `latest`, which is the default
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `invalid_request` for what is no version
 */
export async function requestScan(
  deps: RequestDeps,
  actor: Actor,
  ref: OwnedRef & { version?: string },
): Promise<RequestedScan> {
  const { namespace, name } = await findShownByRef(deps, actor, ref);
  authorize(actor, 'publish', namespace);
  const { version } = await getVersion(deps, actor, { namespace, name, version: ref.version ?? 'latest' });
  const id = deps.random.id();
  const inserted = await insertScan(deps, id, version.id, actor.kind === 'key' ? actor.namespace : null);
  if (inserted.length === 0) return { ...(await newestScan(deps, version.id)), alreadyQueued: true };
  await nudge(deps, id);
  deps.log.info('scan.requested', { scanId: id, namespace, name, version: version.version });
  return { id, state: 'queued', alreadyQueued: false };
}

/** Inserts nothing while a scan of the version is open. */
function insertScan({ db, clock }: RequestDeps, id: string, versionId: string, requestedBy: string | null) {
  const now = clock.now();
  const open = db
    .select({ one: sql`1` })
    .from(scans)
    .where(and(eq(scans.versionId, versionId), inArray(scans.state, ['queued', 'running'])));
  return db
    .insert(scans)
    .select(
      sql`select ${id}, ${versionId}, ${requestedBy}, 'queued', '[]', null, 0, ${now + DELIVERY_GRACE_MS}, ${now}, ${now} where ${notExists(open)}`,
    )
    .returning({ id: scans.id });
}

async function newestScan({ db }: RequestDeps, versionId: string): Promise<{ id: string; state: Scan['state'] }> {
  const [newest] = await db
    .select({ id: scans.id, state: scans.state })
    .from(scans)
    .where(eq(scans.versionId, versionId))
    .orderBy(desc(scans.createdAt), desc(scans.id))
    .limit(1);
  if (!newest) throw new Error(`the open scan of version ${versionId} vanished`);
  return newest;
}

/** A nudge that is lost costs time only: the sweeper sends it again. */
async function nudge(deps: RequestDeps, scanId: string): Promise<void> {
  try {
    await deps.queue.send({ type: 'scan', scanId });
  } catch (error) {
    deps.log.error('queue.send.failed', { scanId, ...describeFault(error) });
  }
}
