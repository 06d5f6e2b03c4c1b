import * as z from 'zod';
import { problems } from '../kit/openapi.ts';
import type { WellKnownApp } from './app.ts';
import { problemSchema } from './schemas.ts';
import type { Scope } from './scopes.ts';

type Answer = { description: string; content: Record<string, { schema: z.ZodType }> };

/** Puts a GET into the OpenAPI document. Its path is the router's, which cannot say `{path}` for several segments. */
export function describe(
  app: WellKnownApp,
  scope: Pick<Scope, 'parameters'>,
  path: string,
  summary: string,
  answer: Answer,
  parameters: Record<string, string> = {},
): void {
  const described = Object.entries({ ...scope.parameters, ...parameters }).map(
    ([name, description]) => [name, description ? z.string().meta({ description }) : z.string()] as const,
  );
  const usesLink = 'token' in scope.parameters;
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: path.replaceAll(/:(\w+)(?:\{[^}]+\})?/g, '{$1}'),
    tags: [usesLink ? 'Links' : 'Discovery'],
    summary,
    request: { params: z.object(Object.fromEntries(described)) },
    responses: { 200: answer, ...problems(problemSchema, 400, ...(usesLink ? [] : [401 as const]), 404) },
  });
}
