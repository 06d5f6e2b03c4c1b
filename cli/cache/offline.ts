import { Option } from 'clipanion';
import type { CliContext } from '../context.ts';
import { CodedError } from '../failure.ts';

/** The option of commands that can do without the network. */
export function offlineOption() {
  return Option.Boolean('--offline', false, {
    description: 'Use what is in the cache, and never the network. SKILLS_OFFLINE=1 does the same.',
  });
}

/** Whether SKILLS_OFFLINE forbids the network: whatever does not plainly say no means yes. */
export function isOffline({ env }: Pick<CliContext, 'env'>): boolean {
  return !['', '0', 'false', 'no', 'off'].includes((env.SKILLS_OFFLINE ?? '').trim().toLowerCase());
}

/** Said beside what is told of newer versions without the network. */
export const CACHE_ONLY = 'note: as far as the cache knows; the registry was not asked.';

/** What a request ends with that would leave this machine. */
export function offlineError(registry: string): CodedError {
  return new CodedError(
    'offline',
    `This needs the registry ${registry}, and the network is not to be used.`,
    'Run it again without --offline and without SKILLS_OFFLINE.',
  );
}

/** @param what a skill in a version or range @param there versions of it that the cache has */
export function notCached(registry: string, what: string, there: readonly string[] = []): CodedError {
  const others = there.length === 0 ? '' : ` It has ${there.join(', ')}.`;
  return new CodedError(
    'not_cached',
    `The cache has no ${what} of ${registry}, and the network is not to be used.${others}`,
    'Install it once without --offline; from then on the cache has it.',
  );
}
