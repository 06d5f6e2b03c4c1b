import { and, eq, gt, isNull } from 'drizzle-orm';
import { uploadTickets } from '../../db/schema/faces.ts';
import { sha256Hex } from '../../format/digest.ts';
import type { Actor } from '../accounts/actor.ts';
import { hashSecret } from '../accounts/secrets.ts';
import { bundleKeys } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { ticketNamespace } from './issue-ticket.ts';

/**
 * Stores the file that a ticket was issued for. The same file may come twice: its answer may have been lost.
 *
 * @param read answers the body, and stops reading past so many bytes with a Problem `payload_too_large`
 * @returns the id under which a publish names the stored file
 * @throws Problem `unauthorized`, `forbidden`, `not_found` for a ticket that is unknown, expired, used or somebody
 * else's, `invalid_request` for another length, `digest_mismatch`, `storage_unavailable`, and what `read` throws
 */
export async function receiveFile(
  deps: Pick<Deps, 'db' | 'bundles' | 'clock'>,
  actor: Actor,
  secret: string,
  read: (maxBytes: number) => Promise<Uint8Array>,
): Promise<string> {
  const namespace = ticketNamespace(actor);
  const valid = and(
    eq(uploadTickets.hash, await hashSecret(secret)),
    eq(uploadTickets.namespace, namespace),
    isNull(uploadTickets.usedAt),
    gt(uploadTickets.expiresAt, deps.clock.now()),
  );
  const [ticket] = await deps.db.select().from(uploadTickets).where(valid);
  if (!ticket) throw noSuchTicket();
  const bytes = await read(ticket.size);
  await checkContent(ticket, bytes);
  await store(deps, bundleKeys.ticket(ticket.id), bytes);
  const uploadedAt = deps.clock.now();
  await deps.db.update(uploadTickets).set({ uploadedAt }).where(eq(uploadTickets.id, ticket.id));
  return ticket.id;
}

async function checkContent(ticket: typeof uploadTickets.$inferSelect, bytes: Uint8Array): Promise<void> {
  if (bytes.length !== ticket.size) {
    throw new Problem(
      'invalid_request',
      `'${ticket.path}' was announced with ${ticket.size} bytes, but ${bytes.length} came.`,
      { fix: 'Send the whole file again.' },
    );
  }
  const actual = await sha256Hex(bytes);
  if (actual === ticket.sha256) return;
  throw new Problem(
    'digest_mismatch',
    `The SHA-256 of '${ticket.path}' is ${actual}, but ${ticket.sha256} was announced.`,
    { fix: 'The file changed, or was damaged on its way. Publish again.' },
  );
}

async function store(deps: Pick<Deps, 'bundles'>, key: string, bytes: Uint8Array): Promise<void> {
  try {
    await deps.bundles.put(key, bytes);
  } catch (cause) {
    throw new Problem(
      'storage_unavailable',
      'The file could not be stored.',
      { fix: 'Try again in a minute.' },
      { cause },
    );
  }
}

function noSuchTicket(): Problem {
  return new Problem('not_found', 'This upload ticket is unknown, expired or used.', { fix: 'Publish again.' });
}
