import type { Actor } from '../../core/accounts/actor.ts';

/** What middleware leaves for the endpoints of every dialect. */
export interface HubEnv {
  Variables: {
    actor: Actor;
  };
}
