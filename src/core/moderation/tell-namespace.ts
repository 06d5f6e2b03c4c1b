import { eq } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';

/**
 * Mails the address of a namespace what was decided about it. Never throws: the decision stands whether or not the mail
 * goes out, and what went wrong is in the log.
 *
 * @param subject one line
 */
export async function tellNamespace(
  { db, mailer, log }: Pick<Deps, 'db' | 'mailer' | 'log'>,
  namespace: string,
  { subject, text }: { subject: string; text: string },
): Promise<void> {
  try {
    const [owner] = await db.select({ email: namespaces.email }).from(namespaces).where(eq(namespaces.slug, namespace));
    if (owner) await mailer.send({ to: owner.email, subject, text });
  } catch (error) {
    log.error('mail.failed', { namespace, cause: describeFault(error).cause });
  }
}
