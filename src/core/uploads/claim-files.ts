import { and, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import { uploadTickets } from '../../db/schema/faces.ts';
import type { BundleFile } from '../../format/bundle.ts';
import type { Limits } from '../../format/limits.ts';
import type { Actor } from '../accounts/actor.ts';
import { hashSecret } from '../accounts/secrets.ts';
import { bundleKeys } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { Problem } from '../problem.ts';
import { type AnnouncedFile, ticketNamespace } from './issue-ticket.ts';

type Ticket = typeof uploadTickets.$inferSelect;

/** A file that was sent before, as a publish names it. */
export interface SentFile extends AnnouncedFile {
  /** What `receiveFile` answered. */
  storageId: string;
  /** What `issueTicket` answered. */
  secret: string;
}

/** At once; more would wait for each other in the runtime anyway. */
const READERS = 6;

/**
 * Takes the tickets of all files of a publish, so that no other publish can: all of them or none.
 *
 * @throws Problem `unauthorized`, `forbidden`, `limit_exceeded`, `invalid_request` that names the first file whose ticket
 * is unknown, expired, used, somebody else's, not uploaded to, or of another file
 */
export async function claimTickets(
  deps: Pick<Deps, 'db' | 'clock' | 'settings' | 'log'>,
  actor: Actor,
  files: readonly SentFile[],
): Promise<Ticket[]> {
  const namespace = ticketNamespace(actor);
  requireWithin(deps.settings.limits, files);
  const hashes = await Promise.all(files.map(({ secret }) => hashSecret(secret)));
  const now = deps.clock.now();
  const claimed = await deps.db
    .update(uploadTickets)
    .set({ usedAt: now })
    .where(
      and(
        sql`${uploadTickets.hash} in (select value from json_each(${JSON.stringify(hashes)}))`,
        eq(uploadTickets.namespace, namespace),
        isNull(uploadTickets.usedAt),
        isNotNull(uploadTickets.uploadedAt),
        gt(uploadTickets.expiresAt, now),
      ),
    )
    .returning();
  const byHash = new Map(claimed.map((ticket) => [ticket.hash, ticket]));
  const tickets = files.map((file, index) => isFor(byHash.get(hashes[index] ?? ''), file));
  const wrong = tickets.indexOf(undefined);
  if (wrong === -1) return tickets.filter((ticket) => ticket !== undefined);
  await releaseTickets(deps, claimed);
  throw new Problem('invalid_request', `There is no upload of '${files[wrong]?.path}' that this publish can use.`, {
    fix: 'Uploads last an hour and serve one publish. Publish again.',
  });
}

/** Gives tickets back after a publish that came to nothing. What cannot be given back expires. */
export async function releaseTickets(deps: Pick<Deps, 'db' | 'log'>, tickets: readonly Ticket[]): Promise<void> {
  try {
    const ids = JSON.stringify(tickets.map(({ id }) => id));
    const mine = sql`${uploadTickets.id} in (select value from json_each(${ids}))`;
    await deps.db.update(uploadTickets).set({ usedAt: null }).where(mine);
  } catch (error) {
    deps.log.error('tickets.kept', { tickets: tickets.length, cause: describeFault(error).cause });
  }
}

/** Reads the files that the tickets stand for. @throws what the store throws */
export async function readSentFiles(deps: Pick<Deps, 'bundles'>, tickets: readonly Ticket[]): Promise<BundleFile[]> {
  const files: BundleFile[] = [];
  for (let at = 0; at < tickets.length; at += READERS) {
    files.push(...(await Promise.all(tickets.slice(at, at + READERS).map((ticket) => readFile(deps, ticket)))));
  }
  return files;
}

async function readFile(deps: Pick<Deps, 'bundles'>, { id, path }: Ticket): Promise<BundleFile> {
  const stored = await deps.bundles.open(bundleKeys.ticket(id));
  if (!stored) throw new Error(`the bundle store has lost ${bundleKeys.ticket(id)}`);
  return { path, bytes: new Uint8Array(await new Response(stored.body).arrayBuffer()), executable: false };
}

/** Counted before a byte is read; the bundle that the files become is counted again. */
function requireWithin({ maxFiles, maxUnpackedBytes }: Limits, files: readonly SentFile[]): void {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length <= maxFiles && total <= maxUnpackedBytes) return;
  throw new Problem(
    'limit_exceeded',
    files.length > maxFiles
      ? `The skill has ${files.length} files; the limit is ${maxFiles}.`
      : `The skill has ${total} bytes; the limit is ${maxUnpackedBytes}.`,
    { fix: 'Remove files from the skill, or split it into several skills.' },
  );
}

function isFor(ticket: Ticket | undefined, file: SentFile): Ticket | undefined {
  const same =
    ticket?.id === file.storageId &&
    ticket.path === file.path &&
    ticket.size === file.size &&
    ticket.sha256 === file.sha256 &&
    ticket.contentType === file.contentType;
  return same ? ticket : undefined;
}
