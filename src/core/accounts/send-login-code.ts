import { and, count, eq, gt } from 'drizzle-orm';
import { loginCodes, namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { normalizeEmail } from './create-namespace.ts';
import { equalInConstantTime, hashCode } from './secrets.ts';

export const CODE_LIFETIME_MS = 10 * 60_000;
export const CODES_AN_HOUR = 5;
const HOUR_MS = 3_600_000;

/**
 * Mails a six-digit code to the address of a namespace.
 *
 * @throws Problem `not_found` for an unknown namespace, `wrong_email`, `too_many_codes` after five in an hour,
 * `mail_unavailable` when the mail could not be handed over (the code is void then).
 */
export async function sendLoginCode(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'mailer' | 'settings' | 'log'>,
  input: { namespace: string; email: string },
): Promise<void> {
  const [owner] = await deps.db.select().from(namespaces).where(eq(namespaces.slug, input.namespace));
  if (!owner)
    throw new Problem('not_found', `There is no namespace '${input.namespace}'.`, {
      fix: 'Check its spelling, or create it.',
    });
  if (!equalInConstantTime(owner.email, normalizeEmail(input.email))) {
    throw new Problem('wrong_email', `This is not the e-mail address of the namespace '${owner.slug}'.`, {
      fix: 'Use the address that the namespace was created with.',
    });
  }
  const code = String(deps.random.below(1_000_000)).padStart(6, '0');
  const id = await recordCode(deps, owner.slug, code);
  try {
    await deps.mailer.send(codeMail(owner.slug, owner.email, code));
  } catch (cause) {
    await deps.db.delete(loginCodes).where(eq(loginCodes.id, id));
    deps.log.error('mail.failed', { namespace: owner.slug, cause: cause instanceof Error ? cause.message : 'unknown' });
    throw new Problem(
      'mail_unavailable',
      'could not send verification email',
      { fix: 'Try again in a minute.' },
      { cause },
    );
  }
}

async function recordCode(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings'>,
  namespace: string,
  code: string,
): Promise<string> {
  const now = deps.clock.now();
  const [recent] = await deps.db
    .select({ codes: count() })
    .from(loginCodes)
    .where(and(eq(loginCodes.namespace, namespace), gt(loginCodes.createdAt, now - HOUR_MS)));
  if (recent && recent.codes >= CODES_AN_HOUR) {
    throw new Problem(
      'too_many_codes',
      `The namespace '${namespace}' asked for ${CODES_AN_HOUR} codes within an hour.`,
      {
        fix: 'Use the last code that was mailed, or wait.',
        retryAfter: HOUR_MS / 1000,
      },
    );
  }
  const id = deps.random.id();
  const hash = await hashCode(deps.settings.sessionKey, id, code);
  await deps.db.insert(loginCodes).values({ id, namespace, hash, createdAt: now, expiresAt: now + CODE_LIFETIME_MS });
  return id;
}

function codeMail(namespace: string, to: string, code: string) {
  const text = `Your login code for the namespace ${namespace} is

    ${code}

It is valid for ten minutes and works once. If you did not ask for it, ignore this mail.
`;
  return { to, subject: `Login code for ${namespace}`, text };
}
