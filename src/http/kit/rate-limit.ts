import { getPath } from 'hono/utils/url';
import type { Clock, Deps, RateVerdict } from '../../core/deps.ts';
import { clientAddress } from './client-address.ts';
import { KeyTries } from './key-tries.ts';
import { rateRules } from './rate-kind.ts';
import { RateMeter, secondsUntil, UNCOUNTED } from './rate-meter.ts';
import type { HubEnv } from './types.ts';

type Answer = Response | Promise<Response>;
type Handler = (request: Request, env: HubEnv['Bindings']) => Answer;

/** Whom requests count for of which no address is known. */
const UNKNOWN = 'unknown';

/** What other origins may read of an answer, beside what the dialect lets them. */
export const RATE_HEADERS = [
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
];

/**
 * Counts each request before anything else is done for it. One with a key is counted once the dialect knows the key
 * (`admit`), every other here, for its address.
 *
 * @param app answers what is within the limits
 * @param router answers what is not, past every cache, with the refusal of the dialect that it leads to
 * @param hubCredentials the headers in which Skill Hub clients send keys
 */
export function withRateLimits(
  deps: Pick<Deps, 'limiter' | 'clock' | 'settings'>,
  app: Handler,
  router: Handler,
  hubCredentials: readonly string[],
): (request: Request) => Answer {
  const tries = new KeyTries(deps.clock);
  const { kindOf, placeOf } = rateRules(deps.settings.skillHub, hubCredentials);
  return (request) => {
    const path = getPath(request);
    const place = placeOf(path);
    const bearsKey = place.credentials.some((name) => request.headers.has(name));
    // A preflight never bears a key. With one, OPTIONS would be a way to try keys that nobody counts.
    const kind = kindOf(request.method, path) ?? (bearsKey ? 'read' : undefined);
    if (kind === undefined) return app(request, { meter: UNCOUNTED });
    const meter = new RateMeter(
      { limiter: deps.limiter, clock: deps.clock, tries },
      kind,
      clientAddress(request, deps.settings) ?? UNKNOWN,
    );
    const settle = (answer: Answer) =>
      answer instanceof Promise
        ? answer.then((response) => settled(response, meter, deps))
        : settled(answer, meter, deps);
    if (bearsKey && kind !== 'account') return settle(app(request, { meter }));
    const proceed = ({ allowed }: RateVerdict) => {
      if (allowed) return settle(app(request, { meter }));
      return settle(place.asksMeter ? router(request, { meter }) : refusal());
    };
    const verdict = meter.count('address');
    return verdict instanceof Promise ? verdict.then(proceed) : proceed(verdict);
  };
}

/** What nobody has counted yet, such as a fault before the key was known, counts for the address. */
function settled(response: Response, meter: RateMeter, { clock }: { clock: Clock }): Answer {
  const verdict = meter.count('address');
  return verdict instanceof Promise
    ? verdict.then((told) => labelled(response, told, clock))
    : labelled(response, verdict, clock);
}

function labelled(answer: Response, verdict: RateVerdict, clock: Clock): Answer {
  const { allowed, limit, resetAt } = verdict;
  if (!allowed && answer.status !== 429) return withoutIt(answer).then((refused) => labelled(refused, verdict, clock));
  if (limit === undefined) return answer;
  const { headers } = answer;
  const remaining = allowed ? verdict.remaining : 0;
  const seconds = String(secondsUntil(resetAt, clock));
  headers.set('X-RateLimit-Limit', String(limit));
  headers.set('RateLimit-Limit', String(limit));
  if (remaining !== undefined) {
    headers.set('X-RateLimit-Remaining', String(remaining));
    headers.set('RateLimit-Remaining', String(remaining));
  }
  headers.set('X-RateLimit-Reset', String(Math.ceil(resetAt / 1000)));
  headers.set('RateLimit-Reset', seconds);
  if (!allowed) headers.set('Retry-After', seconds);
  return answer;
}

async function withoutIt(answer: Response): Promise<Response> {
  await answer.body?.cancel();
  return refusal();
}

/** Where no dialect answers. */
function refusal(): Response {
  return new Response('Rate limit exceeded\n', {
    status: 429,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    },
  });
}
