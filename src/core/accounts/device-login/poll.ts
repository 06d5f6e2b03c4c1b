import { and, eq } from 'drizzle-orm';
import { deviceLogins, SCOPES } from '../../../db/schema/accounts.ts';
import type { Deps } from '../../deps.ts';
import { issueKey } from '../issue-key.ts';
import { hashSecret } from '../secrets.ts';
import { POLL_INTERVAL_MS } from './begin.ts';

/** By how much RFC 8628 section 3.5 wants the interval raised for a client that is too fast. */
const SLOW_DOWN_MS = 5_000;
/** Requests of a client that keeps the interval do not arrive quite as evenly as they were sent. */
const JITTER_MS = 500;

export type PolledDeviceLogin =
  | { outcome: 'approved'; apiKey: string; namespace: string }
  /** `interval` is in milliseconds. */
  | { outcome: 'too_fast'; interval: number }
  | { outcome: 'pending' | 'denied' | 'expired' | 'unknown' | 'used' };

type DeviceLogin = typeof deviceLogins.$inferSelect;
type PollDeps = Pick<Deps, 'db' | 'clock' | 'random'>;

/** Tells the client what became of its login. The first poll after the approval gets a key, and no other does. */
export async function pollDeviceLogin(deps: PollDeps, deviceCode: string): Promise<PolledDeviceLogin> {
  const hash = await hashSecret(deviceCode);
  const [login] = await deps.db.select().from(deviceLogins).where(eq(deviceLogins.deviceHash, hash));
  if (!login) return { outcome: 'unknown' };
  if (login.state === 'used' || login.state === 'denied') return { outcome: login.state };
  if (login.expiresAt <= deps.clock.now()) return { outcome: 'expired' };
  return login.state === 'approved' ? fetchKey(deps, login) : keepWaiting(deps, login);
}

async function fetchKey(deps: PollDeps, { id, label }: DeviceLogin): Promise<PolledDeviceLogin> {
  const [taken] = await deps.db
    .update(deviceLogins)
    .set({ state: 'used' })
    .where(and(eq(deviceLogins.id, id), eq(deviceLogins.state, 'approved')))
    .returning({ namespace: deviceLogins.namespace });
  if (!taken) return { outcome: 'used' };
  if (taken.namespace === null) throw new Error(`device login ${id} was approved by nobody`);
  const { issued, statement } = await issueKey(deps, { namespace: taken.namespace, label, scopes: [...SCOPES] });
  await statement;
  return { outcome: 'approved', apiKey: issued.apiKey, namespace: taken.namespace };
}

/** After a poll that came too early, `polledAt` lies ahead: the wait is counted from there, so it is longer for once. */
async function keepWaiting(deps: PollDeps, { id, polledAt }: DeviceLogin): Promise<PolledDeviceLogin> {
  const now = deps.clock.now();
  const tooFast = polledAt !== null && now < polledAt + POLL_INTERVAL_MS - JITTER_MS;
  await deps.db
    .update(deviceLogins)
    .set({ polledAt: tooFast ? now + SLOW_DOWN_MS : now })
    .where(eq(deviceLogins.id, id));
  return tooFast ? { outcome: 'too_fast', interval: POLL_INTERVAL_MS + SLOW_DOWN_MS } : { outcome: 'pending' };
}
