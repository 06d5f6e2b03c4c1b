import { and, asc, eq, isNull } from 'drizzle-orm';
import { apiKeys, namespaces, type Scope } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { type Actor, authorize, namespacesOf } from './actor.ts';
import { type IssuedKey, issueKey } from './issue-key.ts';

export interface KeySummary {
  id: string;
  namespace: string;
  label: string;
  scopes: Scope[];
  /** The key's first eight characters. */
  hint: string;
  createdAt: number;
  lastUsedAt: number | null;
  /** Null for a key that lives until it is revoked. */
  expiresAt: number | null;
}

/**
 * The namespace that a key-management call is about: the key's own, or the one an operator names.
 *
 * @throws Problem `unauthorized`, `forbidden`, `invalid_request` when an operator names none.
 */
function managedNamespace(actor: Actor, named: string | undefined): string {
  const namespace = named ?? (actor.kind === 'key' ? actor.namespace : undefined);
  if (namespace === undefined && actor.kind === 'operator') {
    throw new Problem('invalid_request', 'An operator has to name a namespace.', {
      fix: 'Name one: --namespace <slug>, or ?namespace=<slug>.',
    });
  }
  authorize(actor, 'admin', namespace ?? '');
  return namespace ?? '';
}

/**
 * The keys of a namespace that are not revoked, oldest first; those that expired stay in the list for a while. Needs `admin`.
 */
export async function listKeys(deps: Pick<Deps, 'db'>, actor: Actor, namespace?: string): Promise<KeySummary[]> {
  return deps.db
    .select({
      id: apiKeys.id,
      namespace: apiKeys.namespace,
      label: apiKeys.label,
      scopes: apiKeys.scopes,
      hint: apiKeys.hint,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      expiresAt: apiKeys.expiresAt,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.namespace, managedNamespace(actor, namespace)), isNull(apiKeys.revokedAt)))
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id));
}

export interface NewKey {
  namespace?: string;
  label: string;
  scopes: Scope[];
  /** Seconds that it lives; without, until it is revoked. */
  seconds?: number;
}

/**
 * Issues a further key. Needs `admin`, and a key: a token that runs out makes none, a key that runs out none that outlives it.
 *
 * @returns also when it expires, in milliseconds
 * @throws Problem `unauthorized`, `forbidden`, `invalid_request` for an operator who names no namespace, `not_found` for one
 * who names a namespace that does not exist
 */
export async function createKey(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
  actor: Actor,
  input: NewKey,
): Promise<IssuedKey & { namespace: string; expiresAt: number | null }> {
  const namespace = managedNamespace(actor, input.namespace);
  if (actor.kind === 'key' && actor.tokenId !== undefined) {
    throw new Problem('forbidden', 'A short-lived token cannot make keys, which would outlive it.', {
      fix: 'Send an API key.',
    });
  }
  const expiresAt = input.seconds === undefined ? null : deps.clock.now() + input.seconds * 1000;
  requireNoOutliving(actor, expiresAt);
  const [known] = await deps.db
    .select({ slug: namespaces.slug })
    .from(namespaces)
    .where(eq(namespaces.slug, namespace));
  if (!known) throw new Problem('not_found', `There is no namespace '${namespace}'.`, { fix: 'Check its spelling.' });
  const { label, scopes } = input;
  const { issued, statement } = await issueKey(deps, { namespace, label, scopes, expiresAt });
  await statement;
  return { ...issued, namespace, expiresAt };
}

/** Else a leaked key could make itself last for ever. */
function requireNoOutliving(actor: Actor, expiresAt: number | null): void {
  const end = actor.kind === 'key' ? actor.expiresAt : undefined;
  if (end === undefined || (expiresAt !== null && expiresAt <= end)) return;
  throw new Problem('forbidden', 'A key that expires cannot make a key that outlives it.', {
    fix: `Let the new one expire by ${new Date(end).toISOString()}, or use a key that does not expire.`,
  });
}

/**
 * Revokes a key for good. Needs `admin` in the key's namespace; a key may always revoke itself.
 *
 * @throws Problem `not_found` for a key that is unknown, revoked already, or in a namespace the actor has no part in.
 */
export async function revokeKey(deps: Pick<Deps, 'db' | 'clock'>, actor: Actor, id: string): Promise<void> {
  const missing = new Problem('not_found', 'There is no such key.', {
    fix: 'See yours: skills token list, or GET /v1/keys.',
  });
  const [key] = await deps.db.select({ namespace: apiKeys.namespace }).from(apiKeys).where(eq(apiKeys.id, id));
  if (actor.kind === 'anonymous') authorize(actor, 'admin', '');
  if (!key || (actor.kind === 'key' && !namespacesOf(actor).includes(key.namespace))) throw missing;
  const itself = actor.kind === 'key' && actor.keyId === id && actor.tokenId === undefined;
  if (!itself) authorize(actor, 'admin', key.namespace);
  const revoked = await deps.db
    .update(apiKeys)
    .set({ revokedAt: deps.clock.now() })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
  if (revoked.length === 0) throw missing;
}
