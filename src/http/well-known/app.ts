import { OpenAPIHono } from '@hono/zod-openapi';
import type { ZodError } from 'zod';
import type { Deps } from '../../core/deps.ts';
import { describeFault } from '../../core/fault.ts';
import { Problem } from '../../core/problem.ts';
import { internalProblem, problemJson } from '../kit/problem-json.ts';
import type { HubEnv } from '../kit/types.ts';

export type WellKnownApp = OpenAPIHono<HubEnv>;

/** The empty dialect: how errors look. It shares the root with others, so middleware is given to each path of its own. */
export function wellKnownBase(deps: Deps): WellKnownApp {
  const app = new OpenAPIHono<HubEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error);
    },
  });
  app.onError((error) => {
    if (error instanceof Problem) return problemJson(error);
    deps.log.error('request.failed', { ...describeFault(error) });
    return problemJson(internalProblem());
  });
  return app;
}

function invalidInput(error: ZodError): Problem {
  const errors = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new Problem('invalid_request', `Invalid query: ${detail}`, {
    errors,
    fix: 'Send q, limit (1 to 100) and owner, or leave them out.',
  });
}
