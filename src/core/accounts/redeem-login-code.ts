import { SCOPES } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { issueKey } from './issue-key.ts';
import { spendLoginCode } from './spend-login-code.ts';

/**
 * Exchanges the newest code of a namespace for a new key.
 *
 * @throws Problem `unauthorized` for a wrong, expired, used or exhausted code, without telling which.
 */
export async function redeemLoginCode(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings'>,
  input: { namespace: string; code: string; label?: string },
): Promise<{ namespace: string; apiKey: string }> {
  await spendLoginCode(deps, input);
  const key = { namespace: input.namespace, label: input.label ?? 'login', scopes: [...SCOPES] };
  const { issued, statement } = await issueKey(deps, key);
  await statement;
  return { namespace: input.namespace, apiKey: issued.apiKey };
}
