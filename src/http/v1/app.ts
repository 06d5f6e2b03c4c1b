import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import type { Deps } from '../../core/deps.ts';
import { describeFault } from '../../core/fault.ts';
import { Problem } from '../../core/problem.ts';
import { identify } from '../kit/auth.ts';
import { internalProblem, problemJson } from '../kit/problem-json.ts';
import { limitBody } from '../kit/read-body.ts';
import type { HubEnv } from '../kit/types.ts';

export type V1App = OpenAPIHono<HubEnv>;

/** Enough for any JSON that `/v1` takes; only publish takes more, and counts for itself. */
const JSON_LIMIT = 64 * 1024;

/** The empty `/v1` dialect: who asks, how bodies are bounded, and how errors look. Endpoints are added to it. */
export function v1Base(deps: Deps): V1App {
  const app = new OpenAPIHono<HubEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.target, result.error);
    },
  });
  app.use(identify(deps));
  const limitJson = limitBody(deps, JSON_LIMIT);
  app.use((c, next) => (c.req.path === '/v1/publish' ? next() : limitJson(c, next)));
  app.onError((error) => {
    if (error instanceof Problem) return problemJson(error);
    if (error instanceof HTTPException && error.status === 415) return problemJson(notJson());
    if (error instanceof HTTPException)
      return problemJson(
        new Problem('invalid_request', error.message, { fix: 'Send well-formed JSON.' }, { cause: error }),
      );
    deps.log.error('request.failed', { ...describeFault(error) });
    return problemJson(internalProblem());
  });
  return app;
}

function notJson(): Problem {
  return new Problem('invalid_request', 'The body is not sent as JSON.', {
    fix: 'Send "Content-Type: application/json".',
  });
}

function invalidInput(target: string, error: ZodError): Problem {
  const errors = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const what = target === 'json' ? 'body' : target;
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  const code = target === 'json' ? 'invalid_body' : 'invalid_request';
  return new Problem(code, `Invalid ${what}: ${detail}`, { errors, fix: 'See /v1/docs for what is expected.' });
}
