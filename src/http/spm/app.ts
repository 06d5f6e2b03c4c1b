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
import { errorAnswer } from './envelope.ts';

export type SpmApp = OpenAPIHono<HubEnv>;

/** A version where no word stands that another dialect has for a part of a skill. */
export const VERSION_PATH = '/skills/:name/:version{(?:[0-9][^/]*|latest)}';
/** The paths that are of this dialect alone; on all others under its prefix it leaves the word to the next one. */
export const OWN_PATHS = [VERSION_PATH, '/auth/*', '/tags', '/health', '/version', '/spm/*'];

const JSON_LIMIT = 64 * 1024;

export const anyOrigin = openToAll({ maxAge: 86_400 });

/** The empty dialect: who asks, and how errors look, on its own paths only. Endpoints are added to it. */
export function spmBase(deps: Deps): SpmApp {
  const app = new OpenAPIHono<HubEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.target, result.error);
    },
  });
  const limitJson = limitBody(deps, JSON_LIMIT);
  for (const path of OWN_PATHS) app.use(path, anyOrigin, identify(deps), limitJson);
  app.onError((error) => {
    if (error instanceof Problem) return errorAnswer(deps, error);
    if (error instanceof HTTPException) {
      const fix = 'Send well-formed JSON with "Content-Type: application/json".';
      return errorAnswer(deps, new Problem('invalid_request', 'The body could not be read.', { fix }));
    }
    deps.log.error('request.failed', { ...describeFault(error) });
    return errorAnswer(deps, internalProblem());
  });
  return app;
}

/** What zod has against a part of a request, field by field. */
export function invalidInput(target: string, error: ZodError): Problem {
  const errors = error.issues.map(({ path, message }) => ({ path: path.join('.') || target, message }));
  const faults = errors.map(({ path, message }) => `${path}: ${message}`);
  return new Problem('invalid_request', `${faults.join('; ')}.`, { errors });
}
