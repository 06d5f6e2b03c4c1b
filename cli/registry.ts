import type { CliContext } from './context.ts';
import { usageError } from './failure.ts';
import { configPath, readConfig, readRegistry } from './home.ts';
import type { Credential } from './http.ts';

export const DEFAULT_REGISTRY = 'http://127.0.0.1:8787';

/** One way to write an address, so that a token is found again and never found for another registry. */
export function normalizeRegistry(text: string): string {
  const scheme = withScheme(text);
  const fix = scheme === undefined ? 'Write it like https://skills.example.com.' : `Did you mean ${scheme}?`;
  if (scheme !== undefined || !URL.canParse(text)) throw usageError(`'${text}' is not the address of a registry.`, fix);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw usageError(`The address of a registry starts with http:// or https://, not ${url.protocol}`, fix);
  if (url.username || url.password)
    throw usageError(
      'The address of a registry must not hold a password.',
      'Give the key with SKILLS_TOKEN or `skills login --token -`.',
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '')}`;
}

/** The address that `127.0.0.1:8787` or `hub.example/` was meant to be; nothing for what has a scheme. */
function withScheme(text: string): string | undefined {
  if (!/^([a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9-]+(?=:\d)|localhost)(:\d{1,5})?(\/.*)?$/i.test(text)) return undefined;
  const [host = ''] = text.split(/[:/]/, 1);
  return `${isLoopback(host) ? 'http' : 'https'}://${text}`;
}

/** The registry to use: the flag, SKILLS_REGISTRY, the configured one, or the local one. */
export async function chooseRegistry(
  context: Pick<CliContext, 'env' | 'home'>,
  flag: string | undefined,
): Promise<string> {
  const named = flag ?? (context.env.SKILLS_REGISTRY || (await readConfig(context)).registry) ?? DEFAULT_REGISTRY;
  return normalizeRegistry(named);
}

/**
 * The key to send to `registry`. SKILLS_TOKEN is meant for the chosen registry only, a stored key for the one it was
 * stored for.
 */
export async function credentialFor(
  context: Pick<CliContext, 'env' | 'home'>,
  registry: string,
  chosen: string,
): Promise<Credential> {
  if (registry === chosen && context.env.SKILLS_TOKEN) {
    const fix = 'Unset SKILLS_TOKEN, or put a valid key into it.';
    return { token: context.env.SKILLS_TOKEN, origin: 'the key in SKILLS_TOKEN', fix };
  }
  const { token, namespace } = await readRegistry(context, registry);
  if (token === undefined) return { fix: 'Run `skills login <namespace>`, or set SKILLS_TOKEN.' };
  const origin = `the key of ${namespace ?? 'the operator'} in ${configPath(context)}`;
  const login = namespace ? `skills login ${namespace}` : 'skills login --token -';
  return { token, origin, namespace, fix: `Run \`${login}\` for a new one, or \`skills logout\`.` };
}

/** True when nobody between here and there can listen in. */
export function isConfidential(registry: string): boolean {
  return new URL(registry).protocol === 'https:' || isLocal(registry);
}

/** True for a registry on this machine. */
export function isLocal(registry: string): boolean {
  return isLoopback(new URL(registry).hostname);
}

function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
