import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import type { Deps } from '../../core/deps.ts';
import { describeFault } from '../../core/fault.ts';
import { Problem } from '../../core/problem.ts';
import { identify } from '../kit/auth.ts';
import { openToAll } from '../kit/cors.ts';
import { internalProblem } from '../kit/problem-json.ts';
import { limitBody } from '../kit/read-body.ts';
import type { HubEnv } from '../kit/types.ts';
import { textError } from './text-error.ts';

export type ClawhubApp = OpenAPIHono<HubEnv>;

/** Enough for any JSON but a publish, which counts for itself. */
const JSON_LIMIT = 64 * 1024;
/** Requests that carry files, or the list of them. */
const LARGE = /^\/api\/v1\/skills(?:\/-\/upload\/[^/]+)?$/;

/** The empty ClawHub dialect: open to every origin, errors as text. Endpoints are added to it. */
export function clawhubBase(deps: Deps): ClawhubApp {
  const app = new OpenAPIHono<HubEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.target, result.error);
    },
  });
  app.use(openToAll({ allowMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD'], maxAge: 86_400 }));
  app.use(identify(deps));
  const limitJson = limitBody(deps, JSON_LIMIT);
  app.use((c, next) => (LARGE.test(c.req.path) ? next() : limitJson(c, next)));
  app.onError((error) => {
    if (error instanceof Problem) return textError(error);
    if (error instanceof HTTPException && error.status === 415) return textError(notJson());
    if (error instanceof HTTPException)
      return textError(new Problem('invalid_request', error.message, { fix: 'Send well-formed JSON.' }));
    deps.log.error('request.failed', { ...describeFault(error) });
    return textError(internalProblem());
  });
  return app;
}

function notJson(): Problem {
  return new Problem('invalid_request', 'The body is not sent as JSON.', {
    fix: 'Send "Content-Type: application/json".',
  });
}

/** What zod has against a part of a request, in one sentence. */
export function invalidInput(target: string, error: ZodError): Problem {
  const what = target === 'json' ? 'body' : target;
  const faults = error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  return new Problem('invalid_request', `Invalid ${what}: ${faults.join('; ')}`);
}
