import { eq, sql } from 'drizzle-orm';
import { namespaces, SCOPES } from '../../db/schema/accounts.ts';
import { checkNamespace } from '../../format/names.ts';
import type { Deps } from '../deps.ts';
import { auditStatement, ifOperator } from '../moderation/audit.ts';
import { Problem } from '../problem.ts';
import { requireUnreservedNamespace } from '../vetting/reserved-names.ts';
import type { Actor } from './actor.ts';
import { indexNamespace, isDistinctNamespace, lookAlikeNamespace } from './distinct-namespace.ts';
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
  const reason = checkNamespace(input.slug);
  if (reason) throw new Problem('invalid_name', reason, { fix: 'Choose 3 to 32 of a-z, 0-9 and "-".' });

  const { slug } = input;
  requireUnreservedNamespace(deps, actor, slug);
  const { issued, statement } = await issueKey(deps, {
    namespace: slug,
    label: input.label ?? 'first key',
    scopes: [...SCOPES],
  });
  const { db } = deps;
  // Where the name deceives there is no address, and so no row.
  const distinct = actor.kind === 'operator' ? sql`1` : isDistinctNamespace(db, slug);
  const email = sql<string>`(select ${normalizeEmail(input.email)} where ${distinct})`;
  try {
    await db.batch([
      db.insert(namespaces).values({ slug, email, createdAt: deps.clock.now() }),
      statement,
      indexNamespace(db, slug),
      auditStatement(deps, actor, 'namespace.create', `namespace:${slug}`, {}, ifOperator(actor)),
    ]);
  } catch (error) {
    throw await whyNotCreated(deps, slug, error);
  }
  return { namespace: slug, apiKey: issued.apiKey };
}

async function whyNotCreated(deps: Pick<Deps, 'db'>, slug: string, cause: unknown): Promise<unknown> {
  const [taken] = await deps.db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.slug, slug));
  if (!taken) return (await lookAlikeNamespace(deps, slug)) ?? cause;
  return new Problem('namespace_taken', `The namespace '${slug}' is taken.`, {
    fix: 'If it is yours, ask for a login code by e-mail; else choose another name.',
  });
}

/** Addresses are compared without regard to case. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}
