import type { Actor } from '../../core/accounts/actor.ts';

/** What middleware leaves for the endpoints of every dialect. */
export interface HubEnv {
  Variables: {
    actor: Actor;
    /** Set by an endpoint whose answer may be kept in memory for others; see `read-cache.ts`. */
    cacheTags?: string[];
  };
}
