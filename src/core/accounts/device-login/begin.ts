import { gt, sql } from 'drizzle-orm';
import { deviceLogins } from '../../../db/schema/accounts.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../problem.ts';
import { clientLabel, UNNAMED_CLIENT } from '../client-label.ts';
import { hashSecret } from '../secrets.ts';
import { newUserCode } from './user-code.ts';

export const DEVICE_LOGIN_MS = 15 * 60_000;
/** How often a client may ask whether somebody has approved. */
export const POLL_INTERVAL_MS = 5_000;
/** Logins that have not run out, of everybody together: nobody fills the database through this door. */
export const OPEN_LOGINS = 10_000;
/** Another login has the same user code about once in a million times. */
const ATTEMPTS = 3;

export interface BegunDeviceLogin {
  /** The secret with which the client polls: 64 hex digits, of which the hub keeps the hash. */
  deviceCode: string;
  /** Eight letters; people see it by `showUserCode`. */
  userCode: string;
}

/**
 * Begins a login that a person approves in a browser (RFC 8628). `label` and `client` are what the program says of
 * itself; they are shown to the person and become the label of the key.
 *
 * @throws Problem `unavailable` while 10,000 others are open
 */
export async function beginDeviceLogin(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
  input: { label: string; client: string },
): Promise<BegunDeviceLogin> {
  const label = labelOf(clientLabel(input.label), clientLabel(input.client));
  const deviceCode = deps.random.hex(32);
  const deviceHash = await hashSecret(deviceCode);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const userCode = newUserCode(deps.random);
    if (await record(deps, { deviceHash, userCode, label })) return { deviceCode, userCode };
  }
  throw new Problem('unavailable', 'Too many logins wait to be approved.', {
    fix: 'Try again in a few minutes.',
    retryAfter: 60,
  });
}

function labelOf(label: string, client: string): string {
  const name = label || UNNAMED_CLIENT;
  return client ? clientLabel(`${name} (${client})`) : name;
}

/** Counted and inserted by one statement, so that parallel requests share what is free. */
async function record(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
  login: { deviceHash: string; userCode: string; label: string },
): Promise<boolean> {
  const now = deps.clock.now();
  const open = deps.db.select({ n: sql`count(*)` }).from(deviceLogins).where(gt(deviceLogins.expiresAt, now));
  const recorded = await deps.db
    .insert(deviceLogins)
    .select(
      sql`select ${deps.random.id()}, ${login.deviceHash}, ${login.userCode}, ${login.label}, 'pending', null,
        ${now}, ${now + DEVICE_LOGIN_MS}, null where (${open}) < ${OPEN_LOGINS}`,
    )
    .onConflictDoNothing()
    .returning({ id: deviceLogins.id });
  return recorded.length > 0;
}
