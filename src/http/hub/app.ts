import { OpenAPIHono } from '@hono/zod-openapi';
import type { ZodError } from 'zod';
import type { Deps } from '../../core/deps.ts';
import { describeFault } from '../../core/fault.ts';
import { Problem } from '../../core/problem.ts';
import { internalProblem } from '../kit/problem-json.ts';
import type { HubEnv } from '../kit/types.ts';
import { identifyHub } from './auth.ts';
import { envelopeError } from './envelope.ts';

export type HubApp = OpenAPIHono<HubEnv>;

/** The empty Skill Hub dialect: who asks, and how errors look. Endpoints are added to it. */
export function hubBase(deps: Deps): HubApp {
  const app = new OpenAPIHono<HubEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(result.target, result.error);
    },
  });
  app.use(identifyHub(deps));
  app.onError((error) => {
    if (error instanceof Problem) return envelopeError(error);
    deps.log.error('request.failed', { ...describeFault(error) });
    return envelopeError(internalProblem());
  });
  return app;
}

/** Names every field at fault in the message: it is all that people see. */
export function invalid(target: string, error: ZodError): Problem {
  const faults = error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  const [code, what] = target === 'json' ? (['invalid_body', 'body'] as const) : (['invalid_request', target] as const);
  return new Problem(code, `Invalid ${what}: ${faults.join('; ')}.`);
}
