import * as z from 'zod';
import { requireKey } from '../../kit/auth.ts';
import { problems } from '../../kit/openapi.ts';
import { problemSchema } from '../schemas.ts';

/** What every endpoint of `/v1/admin` says of itself. Who may call it is decided in core. */
export const admin = { tags: ['Moderation'], security: [{ key: [] }], middleware: requireKey };

export const readErrors = problems(problemSchema, 400, 401, 403);
export const changeErrors = problems(problemSchema, 400, 401, 403, 404, 409, 413, 422);

export const NO_STORE = { 'Cache-Control': 'no-store' };

export const page = z.object({
  after: z.string().max(64).optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
