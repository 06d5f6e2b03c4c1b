import { eq } from 'drizzle-orm';
import { namespaces, SCOPES } from '../../db/schema/accounts.ts';
import { checkNamespace } from '../../format/names.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { issueKey } from './issue-key.ts';

/**
 * Claims a namespace for an e-mail address and issues its first key, which may do everything there.
 *
 * @throws Problem `invalid_name` for a slug outside `^[a-z0-9-]{3,32}$`, `namespace_taken`.
 */
export async function createNamespace(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
  input: { slug: string; email: string; label?: string },
): Promise<{ namespace: string; apiKey: string }> {
  const reason = checkNamespace(input.slug);
  if (reason) throw new Problem('invalid_name', reason, { fix: 'Choose 3 to 32 of a-z, 0-9 and "-".' });

  const { slug } = input;
  const { issued, statement } = await issueKey(deps, {
    namespace: slug,
    label: input.label ?? 'first key',
    scopes: [...SCOPES],
  });
  const row = { slug, email: normalizeEmail(input.email), createdAt: deps.clock.now() };
  try {
    await deps.db.batch([deps.db.insert(namespaces).values(row), statement]);
  } catch (error) {
    const [taken] = await deps.db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.slug, slug));
    if (!taken) throw error;
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
