import type { Deps } from '../deps.ts';
import { ANONYMOUS } from './actor.ts';
import { claimNamespace, namespaceExists, requireNamespaceName } from './claim-namespace.ts';
import { normalizeEmail } from './create-namespace.ts';
import { sendLoginCode } from './send-login-code.ts';

/**
 * Mails the code that signs somebody in on a page. With `create`, a free namespace is claimed for the address first; it
 * gets no key, so that nothing can be done there before the code has come back. One that exists is left as it is, whoever
 * owns it.
 *
 * @throws Problem `invalid_name`, `namespace_taken` where the name looks like another, `not_found` for an unknown namespace without `create`, and what `sendLoginCode` throws:
 * `wrong_email` also where somebody else owns the namespace
 */
export async function mailSignIn(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'mailer' | 'settings' | 'log'>,
  input: { namespace: string; email: string; create: boolean },
): Promise<void> {
  const { namespace: slug, email, create } = input;
  requireNamespaceName(slug);
  if (create && !(await namespaceExists(deps, slug))) {
    await claimNamespace(deps, ANONYMOUS, { slug, email: normalizeEmail(email) });
  }
  await sendLoginCode(deps, input);
}
