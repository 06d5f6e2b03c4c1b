import type { Actor } from '../../core/accounts/actor.ts';
import type { Meter } from './rate-meter.ts';

/** What middleware leaves for the endpoints of every dialect. */
export interface HubEnv {
  /** What comes with a request into the app; the platform's own bindings end in `platform.ts`. */
  Bindings: {
    meter: Meter;
  };
  Variables: {
    actor: Actor;
  };
}
