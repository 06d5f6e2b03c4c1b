import type { Limits } from '../format/limits.ts';

/** What the vetting rules must know about the world beyond the bundle. */
export interface VettingContext {
  namespace: string;
  name: string;
  version: string;
  limits: Limits;
  /** Skills of any namespace whose names may be close, from indexes of `similarNameProbes` and `skeletonsOf`; the rule decides. */
  similarNames: { namespace: string; name: string }[];
  /** Whether the skill has been public under this name before: then the rules on names refuse nothing. */
  isEstablished?: boolean;
  /** The number under which exactly these files of this skill were published and yanked. */
  yankedAs?: string;
  /** The largest edit distance that counts as too similar; the default elsewhere is 2, and 0 turns all rules on names off. */
  maxNameDistance: number;
}
