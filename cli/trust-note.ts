import type { TrustedKeys } from './trust.ts';

/** What people are told of a key that was kept just now. */
export function trustNote(kid: string, { registry, followed }: Pick<TrustedKeys, 'registry' | 'followed'>): string {
  const before = followed.get(kid);
  const why = before === undefined ? '' : `, which took the place of ${before} and is signed by it`;
  return `note: trusting the key ${kid} of ${registry} from now on${why}.`;
}
