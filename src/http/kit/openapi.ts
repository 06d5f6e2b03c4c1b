import { z as openapiZod } from '@hono/zod-openapi';
import type * as z from 'zod';
import type { ProblemStatus } from '../../core/problem.ts';

/** A JSON body or answer; a schema with an `id` in its metadata becomes a named component. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema: named(schema) } } };
}

function named<T extends z.ZodType>(schema: T): T {
  const id = schema.meta()?.id;
  // A schema made before zod-openapi was loaded has no `openapi`; its clone has.
  return id ? schema.clone().openapi(id) : schema;
}

/** The error answers of a dialect that speaks problem+json; any request may be one too many, any body too slow. */
export function problems(schema: z.ZodType, ...statuses: ProblemStatus[]) {
  const content = { 'application/problem+json': { schema: named(schema) } };
  const all: ProblemStatus[] = [...statuses, ...(statuses.includes(413) ? [408 as const] : []), 429];
  return Object.fromEntries(all.map((status) => [status, { description: ERROR_DESCRIPTIONS[status], content }]));
}

const ERROR_DESCRIPTIONS: Record<ProblemStatus, string> = {
  400: 'A parameter cannot be what it is.',
  401: 'The key is missing, unknown, revoked or expired.',
  403: 'The key is not allowed to do this.',
  404: 'No such thing, or not for this key.',
  408: 'The body came too slowly.',
  409: 'It exists already.',
  413: 'The body is too large.',
  415: 'The body is of another type.',
  422: 'The body cannot be accepted as it is.',
  429: 'Too many requests.',
  500: 'A fault of the hub.',
  503: 'Something that the hub needs does not answer.',
};

/** An answer of raw bytes. */
export function binary(description: string, type: string) {
  return { description, content: { [type]: { schema: openapiZod.string().openapi({ format: 'binary' }) } } };
}
