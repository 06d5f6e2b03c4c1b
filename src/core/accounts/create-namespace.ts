import { SCOPES } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { auditStatement, ifOperator } from '../moderation/audit.ts';
import { Problem } from '../problem.ts';
import type { Actor } from './actor.ts';
import { claimNamespace } from './claim-namespace.ts';
import { issueKey } from './issue-key.ts';

/**
 * Claims a namespace for an e-mail address and issues its first key, which may do everything there. Operators can hand out
 * reserved names and such as look like another namespace's.
 *
 * @throws Problem `invalid_name` for a slug outside `^[a-z0-9-]{3,32}$` or reserved, `namespace_taken` also for one that looks
 * like another.
 */
export async function createNamespace(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings'>,
  actor: Actor,
  input: { slug: string; email: string; label?: string },
): Promise<{ namespace: string; apiKey: string }> {
  const { slug } = input;
  const { issued, statement } = await issueKey(deps, {
    namespace: slug,
    label: input.label ?? 'first key',
    scopes: [...SCOPES],
  });
  const isNew = await claimNamespace(deps, actor, { slug, email: normalizeEmail(input.email) }, [
    statement,
    auditStatement(deps, actor, 'namespace.create', `namespace:${slug}`, {}, ifOperator(actor)),
  ]);
  if (!isNew) {
    throw new Problem('namespace_taken', `The namespace '${slug}' is taken.`, {
      fix: 'If it is yours, ask for a login code by e-mail; else choose another name.',
    });
  }
  return { namespace: slug, apiKey: issued.apiKey };
}

/** Addresses are compared without regard to case. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}
