import { and, eq, gt, inArray, min, or, sql } from 'drizzle-orm';
import { loginCodes, namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { normalizeEmail } from './create-namespace.ts';
import { equalInConstantTime, hashCode } from './secrets.ts';

export const CODE_LIFETIME_MS = 10 * 60_000;
export const CODES_AN_HOUR = 5;
/** Over all namespaces of one address, which anybody can claim in its name: so nobody's mailbox is flooded. */
export const MAILS_AN_HOUR = 10;
const HOUR_MS = 3_600_000;

/**
 * Mails a six-digit code to the address of a namespace.
 *
 * @throws Problem `not_found` for an unknown namespace, `wrong_email`, `too_many_codes` after five in an hour, or ten for all namespaces of the address,
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
  const id = await recordCode(deps, owner, code);
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
  { slug: namespace, email }: { slug: string; email: string },
  code: string,
): Promise<string> {
  const now = deps.clock.now();
  const id = deps.random.id();
  const hash = await hashCode(deps.settings.sessionKey, id, code);
  const lately = gt(loginCodes.createdAt, now - HOUR_MS);
  const recent = and(eq(loginCodes.namespace, namespace), lately);
  const ofAddress = deps.db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.email, email));
  const mailed = and(inArray(loginCodes.namespace, ofAddress), lately);
  // Counted and inserted by one statement, so that parallel requests share the five codes.
  const recorded = await deps.db
    .insert(loginCodes)
    .select(
      sql`select ${id}, ${namespace}, ${hash}, 0, ${now}, ${now + CODE_LIFETIME_MS}, null
        where (select count(*) from ${loginCodes} where ${recent}) < ${CODES_AN_HOUR}
        and (select count(*) from ${loginCodes} where ${mailed}) < ${MAILS_AN_HOUR}`,
    )
    .returning({ id: loginCodes.id });
  if (recorded.length > 0) return id;
  const [first] = await deps.db
    .select({ createdAt: min(loginCodes.createdAt) })
    .from(loginCodes)
    .where(or(recent, mailed));
  const freeAt = (first?.createdAt ?? now) + HOUR_MS;
  throw new Problem('too_many_codes', 'Too many login codes were mailed to this address within an hour.', {
    fix: 'Use the last code that was mailed, or wait.',
    retryAfter: Math.ceil((freeAt - now) / 1000),
  });
}

function codeMail(namespace: string, to: string, code: string) {
  const text = `Your login code for the namespace ${namespace} is

    ${code}

It is valid for ten minutes and works once. If you did not ask for it, ignore this mail.
`;
  return { to, subject: `Login code for ${namespace}`, text };
}
