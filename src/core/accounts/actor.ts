import type { Scope } from '../../db/schema/accounts.ts';
import { Problem } from '../problem.ts';
import { banSentence } from './ban.ts';

/** Who asks. An operator may do anything in any namespace. */
export type Actor =
  | { kind: 'anonymous' }
  | {
      kind: 'key';
      /** The key; of a signed token, the key that it was issued for, or the token itself. */
      keyId: string;
      /** The signed token that stood for the key, if it was one. */
      tokenId?: string;
      namespace: string;
      /** Namespaces that `namespace` made for itself; the key counts there as it does at home. */
      owned: string[];
      scopes: Scope[];
      /** When the key or token runs out, in milliseconds; absent for a key that does not. */
      expiresAt?: number;
      /** Whether `namespace` may review what vetting doubts; see `requireModerator`. */
      moderator?: boolean;
      /** Reasons by namespace, for those of `namespace`, whoever made it, and `owned` that are banned. */
      banned?: Record<string, string>;
    }
  | { kind: 'operator' };

export const ANONYMOUS: Actor = { kind: 'anonymous' };

/**
 * Passes when the actor may do what `scope` stands for in `namespace`; `admin` includes `publish`, which includes `read`.
 * Whoever is banned may read.
 *
 * @throws Problem `unauthorized` for nobody, `forbidden` for somebody else's namespace, a key that is too weak, or a ban
 */
export function authorize(actor: Actor, scope: Scope, namespace: string): void {
  requireScope(actor, scope, namespace);
  if (scope !== 'read') requireNoBan(actor, namespace);
}

/**
 * The same for what somebody who is banned may do too, such as an appeal.
 *
 * @throws Problem `unauthorized`, `forbidden`
 */
export function requireScope(actor: Actor, scope: Scope, namespace: string): void {
  if (actor.kind === 'operator') return;
  if (actor.kind === 'anonymous') {
    throw new Problem('unauthorized', 'This needs an API key.', {
      fix: 'Send it as "Authorization: Bearer <key>"; `skills login` gets one.',
    });
  }
  if (!actsIn(actor, namespace)) {
    throw new Problem('forbidden', `Your key belongs to the namespace '${actor.namespace}', not to '${namespace}'.`, {
      fix: `Use a key of '${namespace}', or change the namespace of the skill.`,
    });
  }
  if (!holds(actor.scopes, scope)) {
    throw new Problem('forbidden', `Your key lacks the scope '${scope}'.`, {
      fix: `Create a key with the scope '${scope}'.`,
    });
  }
}

/**
 * Passes unless the namespace, the key's own one, or one that made that is banned: the latter two act nowhere.
 *
 * @throws Problem `forbidden`, with the reason of the ban
 */
export function requireNoBan(actor: Actor, namespace: string): void {
  const banned = bannedFor(actor, namespace);
  if (actor.kind !== 'key' || banned === undefined) return;
  const home = actor.owned.includes(banned) ? banned : actor.namespace;
  throw new Problem('forbidden', `${banSentence(home, banned)}: ${actor.banned?.[banned]}`, {
    fix: 'Nothing can be published or changed in it. Write to the operator of this hub.',
  });
}

/** The namespace whose ban keeps the actor from acting in `namespace`, if one does. */
export function bannedFor(actor: Actor, namespace: string): string | undefined {
  if (actor.kind !== 'key' || actor.banned === undefined) return undefined;
  if (actor.banned[actor.namespace] !== undefined) return actor.namespace;
  return Object.keys(actor.banned).find((slug) => slug === namespace || !actor.owned.includes(slug));
}

/** Whether the actor may see what the namespace keeps private. */
export function canRead(actor: Actor, namespace: string): boolean {
  if (actor.kind === 'operator') return true;
  return actsIn(actor, namespace) && holds(actorScopes(actor), 'read');
}

/** The namespaces that the actor belongs to, its own first; none for operators, who may act in all. */
export function namespacesOf(actor: Actor): string[] {
  return actor.kind === 'key' ? [actor.namespace, ...actor.owned] : [];
}

function actsIn(actor: Actor, namespace: string): boolean {
  return namespacesOf(actor).includes(namespace);
}

function actorScopes(actor: Actor): Scope[] {
  return actor.kind === 'key' ? actor.scopes : [];
}

const IMPLIED: Record<Scope, Scope[]> = {
  read: ['read', 'publish', 'admin'],
  publish: ['publish', 'admin'],
  admin: ['admin'],
};

/** Whether these scopes include what `wanted` stands for. */
export function holds(scopes: Scope[], wanted: Scope): boolean {
  return IMPLIED[wanted].some((scope) => scopes.includes(scope));
}
