import { uploadTickets } from '../../db/schema/faces.ts';
import { checkEntryPath } from '../../format/entry-path.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { hashSecret } from '../accounts/secrets.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

export const TICKET_LIFETIME_MS = 60 * 60_000;

/** What a ticket is good for: exactly this file. `sha256` is lower-case hex, `size` is in bytes. */
export interface AnnouncedFile {
  path: string;
  size: number;
  sha256: string;
  contentType: string;
}

/**
 * Lets the holder of a key send one file of a publish to come. The secret is good for an hour, for one upload of these
 * very bytes and for one publish, all of them with a key of the same namespace.
 *
 * @returns the secret; the hub keeps its hash only
 * @throws Problem `unauthorized`, `forbidden`, `hostile_archive` for a path that no bundle can hold, `payload_too_large`
 */
export async function issueTicket(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings'>,
  actor: Actor,
  file: AnnouncedFile,
): Promise<string> {
  const namespace = ticketNamespace(actor);
  const problem = checkEntryPath(file.path);
  if (problem !== undefined) {
    throw new Problem('hostile_archive', `'${file.path}' ${problem}.`, { fix: 'Rename this file.' });
  }
  const { maxFileBytes } = deps.settings.limits;
  if (file.size > maxFileBytes) {
    throw new Problem('payload_too_large', `'${file.path}' has more than ${maxFileBytes} bytes.`, {
      fix: 'Leave it out of the skill.',
    });
  }
  const secret = deps.random.hex(32);
  const now = deps.clock.now();
  await deps.db.insert(uploadTickets).values({
    id: deps.random.id(),
    hash: await hashSecret(secret),
    namespace,
    path: file.path,
    size: file.size,
    sha256: file.sha256,
    contentType: file.contentType,
    createdAt: now,
    expiresAt: now + TICKET_LIFETIME_MS,
  });
  return secret;
}

/**
 * The namespace whose tickets the actor may use.
 *
 * @throws Problem `unauthorized`, `forbidden` for a key that may not publish, and for an operator, who has no namespace
 */
export function ticketNamespace(actor: Actor): string {
  if (actor.kind === 'operator') {
    throw new Problem('forbidden', 'Files are uploaded one by one with a key of a namespace, not of the operator.', {
      fix: 'Use a key of the namespace, or send the whole skill in one request.',
    });
  }
  const namespace = actor.kind === 'key' ? actor.namespace : '';
  authorize(actor, 'publish', namespace);
  return namespace;
}
