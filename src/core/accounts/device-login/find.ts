import { eq } from 'drizzle-orm';
import { deviceLogins } from '../../../db/schema/accounts.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../problem.ts';
import { readUserCode } from './user-code.ts';

export interface PendingDeviceLogin {
  userCode: string;
  /** What the client says it is; not to be trusted. */
  label: string;
  createdAt: number;
  expiresAt: number;
}

/**
 * The login that waits to be approved under a user code, as it was typed.
 *
 * @throws Problem `not_found` for a code that nobody was given, `state_conflict` for one that has run out or was decided on
 */
export async function findDeviceLogin(
  deps: Pick<Deps, 'db' | 'clock'>,
  typedCode: string,
): Promise<PendingDeviceLogin> {
  const userCode = readUserCode(typedCode);
  const [login] =
    userCode === undefined ? [] : await deps.db.select().from(deviceLogins).where(eq(deviceLogins.userCode, userCode));
  if (!login) {
    throw new Problem('not_found', 'No program waits for this code.', {
      fix: 'Compare it with what the program shows, or start the login there again.',
    });
  }
  if (login.state !== 'pending' || login.expiresAt <= deps.clock.now()) throw notPending(login.state);
  const { label, createdAt, expiresAt } = login;
  return { userCode: login.userCode, label, createdAt, expiresAt };
}

const fix = 'Start the login in the program again.';

function notPending(state: (typeof deviceLogins.$inferSelect)['state']): Problem {
  if (state === 'denied') return new Problem('state_conflict', 'This login was denied.', { fix });
  if (state === 'pending') return new Problem('state_conflict', 'This code has expired.', { fix });
  return new Problem('state_conflict', 'This login was approved already.', { fix });
}

/** For a login that was pending a moment ago. */
export function decidedMeanwhile(): Problem {
  return new Problem('state_conflict', 'This login was decided on elsewhere, or has run out, just now.', { fix });
}
