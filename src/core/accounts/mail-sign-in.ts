import { eq, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { checkNamespace } from '../../format/names.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { requireUnreservedNamespace } from '../vetting/reserved-names.ts';
import { ANONYMOUS } from './actor.ts';
import { normalizeEmail } from './create-namespace.ts';
import { indexNamespace, isDistinctNamespace, lookAlikeNamespace } from './distinct-namespace.ts';
import { sendLoginCode } from './send-login-code.ts';

/**
 * Mails the code that signs somebody in on a page. With `create`, a free namespace is claimed for the address first; it
 * gets no key, so that nothing can be done there before the code has come back.
 *
 * @throws Problem `invalid_name`, `namespace_taken` where the name looks like another, `not_found` for an unknown namespace without `create`, and what `sendLoginCode` throws:
 * `wrong_email` also where somebody else owns the namespace
 */
export async function mailSignIn(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'mailer' | 'settings' | 'log'>,
  input: { namespace: string; email: string; create: boolean },
): Promise<void> {
  const reason = checkNamespace(input.namespace);
  if (reason) throw new Problem('invalid_name', reason, { fix: 'Choose 3 to 32 of a-z, 0-9 and "-".' });
  if (input.create) await claimUnlessTaken(deps, input.namespace, input.email);
  await sendLoginCode(deps, input);
}

/** By the rules of `createNamespace`; one that exists already is left as it is, whoever owns it. */
async function claimUnlessTaken(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  slug: string,
  address: string,
): Promise<void> {
  const { db } = deps;
  const isTaken = async () =>
    (await db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.slug, slug))).length > 0;
  if (await isTaken()) return;
  requireUnreservedNamespace(deps, ANONYMOUS, slug);
  // Where the name deceives there is no address, and so no row.
  const email = sql<string>`(select ${normalizeEmail(address)} where ${isDistinctNamespace(db, slug)})`;
  try {
    await db.batch([
      db.insert(namespaces).values({ slug, email, createdAt: deps.clock.now() }),
      indexNamespace(db, slug),
    ]);
  } catch (error) {
    if (await isTaken()) return;
    throw (await lookAlikeNamespace(deps, slug)) ?? error;
  }
}
