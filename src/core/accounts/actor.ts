import type { Scope } from '../../db/schema/accounts.ts';
import { Problem } from '../problem.ts';

/** Who asks. An operator may do anything in any namespace. */
export type Actor =
  | { kind: 'anonymous' }
  | {
      kind: 'key';
      /** The key; of a signed token, the key that it was issued for, or the token itself. */
      keyId: string;
      namespace: string;
      /** Namespaces that `namespace` made for itself; the key counts there as it does at home. */
      owned: string[];
      scopes: Scope[];
    }
  | { kind: 'operator' };

export const ANONYMOUS: Actor = { kind: 'anonymous' };

/**
 * Passes when the actor may do what `scope` stands for in `namespace`; `admin` includes `publish`, which includes `read`.
 *
 * @throws Problem `unauthorized` for nobody, `forbidden` for somebody else's namespace or a key that is too weak.
 */
export function authorize(actor: Actor, scope: Scope, namespace: string): void {
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

function holds(scopes: Scope[], wanted: Scope): boolean {
  return IMPLIED[wanted].some((scope) => scopes.includes(scope));
}
