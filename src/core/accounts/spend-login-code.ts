import { and, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { loginCodes, namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { equalInConstantTime, hashCode } from './secrets.ts';

export const TRIES_A_CODE = 5;

/**
 * Uses up the newest code of a namespace: whoever gets past this reads the mail of its address, which is noted. Every call counts as a
 * try before the code is looked at, so that parallel guesses share the five tries.
 *
 * @throws Problem `unauthorized` for a wrong, expired, used or exhausted code, without telling which.
 */
export async function spendLoginCode(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  input: { namespace: string; code: string },
): Promise<void> {
  if (!/^\d{6}$/.test(input.code)) throw refused();
  const candidate = await countTry(deps, input.namespace);
  if (!candidate) throw refused();
  const hash = await hashCode(deps.settings.sessionKey, candidate.id, input.code);
  if (!equalInConstantTime(hash, candidate.hash)) throw refused();

  const { db } = deps;
  const now = deps.clock.now();
  const [used] = await db.batch([
    db
      .update(loginCodes)
      .set({ usedAt: now })
      .where(and(eq(loginCodes.id, candidate.id), isNull(loginCodes.usedAt)))
      .returning({ id: loginCodes.id }),
    db
      .update(namespaces)
      .set({ emailProvenAt: now })
      .where(and(eq(namespaces.slug, input.namespace), isNull(namespaces.emailProvenAt))),
  ]);
  if (used.length === 0) throw refused();
}

async function countTry(deps: Pick<Deps, 'db' | 'clock'>, namespace: string) {
  const [newest] = await deps.db
    .select({ id: loginCodes.id })
    .from(loginCodes)
    .where(eq(loginCodes.namespace, namespace))
    .orderBy(desc(loginCodes.createdAt), desc(loginCodes.id))
    .limit(1);
  if (!newest) return undefined;
  const [tried] = await deps.db
    .update(loginCodes)
    .set({ tries: sql`${loginCodes.tries} + 1` })
    .where(
      and(
        eq(loginCodes.id, newest.id),
        isNull(loginCodes.usedAt),
        gt(loginCodes.expiresAt, deps.clock.now()),
        lt(loginCodes.tries, TRIES_A_CODE),
      ),
    )
    .returning({ id: loginCodes.id, hash: loginCodes.hash });
  return tried;
}

function refused(): Problem {
  return new Problem('unauthorized', 'invalid or expired code', { fix: 'Ask for a new code.' });
}
