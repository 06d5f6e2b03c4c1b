import { and, eq, type SQL } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';

/**
 * Mails the address of a namespace what was decided about it. Never throws: the decision stands whether or not the mail
 * goes out, and what went wrong is in the log.
 *
 * @param subject one line
 * @param condition of the namespace's row, without which nothing is sent
 */
export async function tellNamespace(
  { db, mailer, log }: Pick<Deps, 'db' | 'mailer' | 'log'>,
  namespace: string,
  { subject, text }: { subject: string; text: string },
  condition?: SQL,
): Promise<void> {
  try {
    const [owner] = await db
      .select({ email: namespaces.email })
      .from(namespaces)
      .where(and(eq(namespaces.slug, namespace), condition));
    if (owner) await mailer.send({ to: owner.email, subject, text });
  } catch (error) {
    log.error('mail.failed', { namespace, cause: describeFault(error).cause });
  }
}
