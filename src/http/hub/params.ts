import * as z from 'zod';
import type { ProblemStatus } from '../../core/problem.ts';
import { json } from '../kit/openapi.ts';
import { errorSchema } from './schemas.ts';

export const slugParams = z.object({
  slug: z.string().meta({ description: 'The flat slug, exactly as it is spelt.', example: 'git-commit-messages' }),
});

const MEANING: Partial<Record<ProblemStatus, string>> = {
  400: 'The query cannot be what it is.',
  401: 'The key is missing where one is needed, unknown or revoked.',
  403: 'A private skill of others, or a key that may not do this.',
  404: 'No such skill or version, or it was withdrawn.',
  408: 'The body came too slowly.',
  413: 'The body is too large.',
  422: 'The body cannot be accepted as it is.',
  429: 'Too many requests.',
};

/** The error answers of an endpoint; any request may be one too many, any body too slow. */
export function errors(...statuses: ProblemStatus[]) {
  const all: ProblemStatus[] = [...statuses, ...(statuses.includes(413) ? [408 as const] : []), 429];
  return Object.fromEntries(all.map((status) => [status, json(errorSchema, MEANING[status] ?? 'A fault.')]));
}

/** What clients send empty they mean to leave out. */
export function unlessEmpty<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
}
