import { healthSchema } from '../../src/http/v1/schemas.ts';
import type { Client } from '../client.ts';
import type { CliContext } from '../context.ts';
import { readRegistry } from '../home.ts';
import { type Connection, parseJson, readBody, send } from '../http.ts';
import { isConfidential } from '../registry.ts';
import { compareKeys } from '../trust.ts';
import { type Check, examine, ok, problem, warning } from './check.ts';

const MAX_HEALTH_BYTES = 64 * 1024;
const MINUTE_MS = 60_000;
/** Beyond this, what is signed with times may be refused. */
const MAX_SKEW_MS = 5 * MINUTE_MS;
const SOON_MS = 7 * 24 * 60 * MINUTE_MS;

type RegistryContext = Pick<CliContext, 'env' | 'home' | 'clock' | 'fetch'>;

/** A registry: whether it answers, what its clock says, whether its keys are those that were kept, and ours is good there. */
export async function examineRegistry(context: RegistryContext, client: Client, hasKey: boolean): Promise<Check[]> {
  const { registry } = client;
  const reached = await examineHealth(context, registry);
  const checks = isConfidential(registry) ? reached : [...reached, plain(registry)];
  if (reached.some(({ status }) => status === 'problem')) return checks;
  const login = await examine('login', () => examineLogin(context, client, hasKey));
  // Whoever sends a key that is no good is told nothing else.
  if (login.some(({ status }) => status === 'problem')) return [...checks, ...login];
  return [...checks, ...(await examineKeys(context, client)), ...login];
}

function examineHealth({ fetch, clock }: RegistryContext, registry: string): Promise<Check[]> {
  return examine('registry', async () => {
    const connection: Connection = { registry, token: undefined, fetch };
    const response = await send(connection, '/v1/health');
    const text = new TextDecoder().decode(await readBody(registry, response, MAX_HEALTH_BYTES));
    const health = healthSchema.safeParse(parseJson(text));
    if (!health.success) {
      const fix = 'Check that this is the address of a Skills Hub.';
      return [problem('registry', `${registry} does not tell its health as a Skills Hub does.`, fix)];
    }
    const state =
      health.data.status === 'ok'
        ? ok('registry', `${registry} works.`)
        : warning('registry', `${registry} answers, but its jobs are late.`, 'Publishing may take longer.');
    return [state, ...examineClock(registry, response.headers.get('date'), clock.now())];
  });
}

/** @param date as HTTP tells it, in whole seconds */
function examineClock(registry: string, date: string | null, now: number): Check[] {
  const there = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(there)) return [];
  const skew = now - there;
  const minutes = Math.round(Math.abs(skew) / MINUTE_MS);
  if (minutes === 0) return [ok('clock', `The clocks here and of ${registry} agree.`)];
  const message = `The clock here is ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${skew > 0 ? 'ahead of' : 'behind'} that of ${registry}.`;
  const fix = 'Set the clock of this machine, or tell the operator of the registry.';
  return [Math.abs(skew) > MAX_SKEW_MS ? problem('clock', message, fix) : warning('clock', message, fix)];
}

function examineKeys(context: RegistryContext, client: Client): Promise<Check[]> {
  return examine('keys', async () => {
    const { registry } = client;
    const [{ keys: known = {} }, { keys, current }] = await Promise.all([
      readRegistry(context, registry),
      client.keys(),
    ]);
    const trusted = compareKeys(registry, known, keys, []);
    const pinned = Object.keys(known);
    if (pinned.length === 0) return [ok('keys', `No key of ${registry} is trusted yet; the first install keeps one.`)];
    const revoked = pinned.filter((kid) => trusted.revoked.has(kid));
    if (revoked.length > 0) return revoked.map((kid) => revokedKey(registry, kid, trusted.revoked.get(kid)));
    if (!pinned.includes(current) && !trusted.followed.has(current)) {
      const message = `${registry} signs with the key ${current} now, which is not trusted.`;
      return [
        problem('keys', message, 'Ask its operator whether this is meant. If so: skills install … --trust-key …'),
      ];
    }
    return [ok('keys', `${registry} signs with a key that is trusted: ${current}.`)];
  });
}

function revokedKey(registry: string, kid: string, reason = ''): Check {
  const message = `${registry} has revoked the key ${kid}, which is trusted: ${reason}`;
  return warning('keys', message, 'Check what it signed: skills verify, and skills verify -g');
}

async function examineLogin({ clock }: RegistryContext, client: Client, hasKey: boolean): Promise<Check[]> {
  const { registry } = client;
  if (!hasKey) return [ok('login', `No key is stored for ${registry}; reading needs none.`)];
  const { namespace, expires_at } = await client.whoami();
  const who = `Logged in to ${registry} as ${namespace ?? 'an operator'}`;
  const left = expires_at ? Date.parse(expires_at) - clock.now() : Number.POSITIVE_INFINITY;
  if (left > SOON_MS) return [ok('login', `${who}.`)];
  return [warning('login', `${who}; the key expires at ${expires_at}.`, 'Make a new one: skills token create')];
}

function plain(registry: string): Check {
  const message = `${registry} is plain HTTP: others on the way can read the key and what is sent.`;
  return warning('registry', message, 'Use https://, if the registry has it.');
}
