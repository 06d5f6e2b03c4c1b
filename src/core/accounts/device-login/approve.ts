import { and, eq, gt } from 'drizzle-orm';
import { deviceLogins } from '../../../db/schema/accounts.ts';
import type { Deps } from '../../deps.ts';
import { spendLoginCode } from '../spend-login-code.ts';
import { decidedMeanwhile, findDeviceLogin } from './find.ts';

/**
 * Lets the client behind a user code have a key of the namespace, for a code that was mailed to its address. The key is
 * made when the client comes for it.
 *
 * @returns what the client says it is
 * @throws Problem `not_found` and `state_conflict` as `findDeviceLogin`, then `unauthorized` as `spendLoginCode`
 */
export async function approveDeviceLogin(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  input: { userCode: string; namespace: string; code: string },
): Promise<{ label: string }> {
  const { userCode, label } = await findDeviceLogin(deps, input.userCode);
  await spendLoginCode(deps, input);
  const approved = await deps.db
    .update(deviceLogins)
    .set({ state: 'approved', namespace: input.namespace })
    .where(
      and(
        eq(deviceLogins.userCode, userCode),
        eq(deviceLogins.state, 'pending'),
        gt(deviceLogins.expiresAt, deps.clock.now()),
      ),
    )
    .returning({ id: deviceLogins.id });
  if (approved.length === 0) throw decidedMeanwhile();
  return { label };
}
