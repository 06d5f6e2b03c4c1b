import type { CliContext } from './context.ts';
import { usageError } from './failure.ts';
import { readConfig, readRegistry } from './home.ts';

export const DEFAULT_REGISTRY = 'http://127.0.0.1:8787';

/** One way to write an address, so that a token is found again and never found for another registry. */
export function normalizeRegistry(text: string): string {
  const fix = 'Write it like https://skills.example.com.';
  if (!URL.canParse(text)) throw usageError(`'${text}' is not the address of a registry.`, fix);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw usageError(`The address of a registry starts with http:// or https://, not ${url.protocol}`, fix);
  if (url.username || url.password)
    throw usageError(
      'The address of a registry must not hold a password.',
      'Give the key with SKILLS_TOKEN or `skills login --token -`.',
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
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
export async function tokenFor(
  context: Pick<CliContext, 'env' | 'home'>,
  registry: string,
  chosen: string,
): Promise<string | undefined> {
  if (registry === chosen && context.env.SKILLS_TOKEN) return context.env.SKILLS_TOKEN;
  return (await readRegistry(context, registry)).token;
}

/** True when nobody between here and there can listen in. */
export function isConfidential(registry: string): boolean {
  const { protocol, hostname } = new URL(registry);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
