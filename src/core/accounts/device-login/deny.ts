import { and, eq } from 'drizzle-orm';
import { deviceLogins } from '../../../db/schema/accounts.ts';
import type { Deps } from '../../deps.ts';
import { decidedMeanwhile, findDeviceLogin } from './find.ts';

/**
 * Refuses the client behind a user code. Whoever knows the code may: it takes nothing from anybody but the client.
 *
 * @throws Problem `not_found` and `state_conflict` as `findDeviceLogin`
 */
export async function denyDeviceLogin(deps: Pick<Deps, 'db' | 'clock'>, typedCode: string): Promise<void> {
  const { userCode } = await findDeviceLogin(deps, typedCode);
  const denied = await deps.db
    .update(deviceLogins)
    .set({ state: 'denied' })
    .where(and(eq(deviceLogins.userCode, userCode), eq(deviceLogins.state, 'pending')))
    .returning({ id: deviceLogins.id });
  if (denied.length === 0) throw decidedMeanwhile();
}
