import { ADMIN_ACTS } from '../admin-acts.ts';
import type { CommandInfo } from '../reference/describe.ts';

/** What a shell can offer in some place. */
export type Candidates = { kind: 'files' | 'installed' | 'none' } | { kind: 'words'; words: readonly string[] };

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** Commands whose arguments are installed skills. */
export const ABOUT_INSTALLED: readonly string[] = ['audit', 'diff', 'outdated', 'uninstall', 'update', 'verify'];
/** What arguments of these names can be. */
const WORDS: Record<string, readonly string[]> = { shell: SHELLS };

/** The values of options that have a few; others may be files. */
export const VALUES: Record<string, readonly string[]> = {
  '--bump': ['patch', 'minor', 'major'],
  '--format': ['text', 'json', 'sarif', 'github'],
  '--level': ['suspicious', 'malicious'],
  '--scope': ['read', 'publish', 'admin'],
  '--sort': ['relevance', 'downloads', 'trending', 'updated', 'name'],
};

export function valuesOf(names: readonly string[], agents: readonly string[]): Candidates {
  if (names.includes('--agent')) return { kind: 'words', words: agents };
  for (const name of names) if (VALUES[name]) return { kind: 'words', words: VALUES[name] };
  return { kind: 'files' };
}

/** By the first argument, which the others are like. */
export function argumentsOf({ names, arguments: [first] }: CommandInfo): Candidates {
  if (first === undefined) return { kind: 'none' };
  if (names.some((name) => ABOUT_INSTALLED.includes(name))) return { kind: 'installed' };
  if (names.includes('admin')) return { kind: 'words', words: ADMIN_ACTS };
  // `add|list|remove`, as the help shows it; with `…` behind, those that are named.
  const words = WORDS[first.name] ?? (/^[a-z]+(\|[a-z]+)+(\|…)?$/.test(first.name) ? first.name.split('|') : undefined);
  if (words) return { kind: 'words', words: words.filter((word) => word !== '…') };
  return { kind: /folder|file|archive/.test(first.name) ? 'files' : 'none' };
}
