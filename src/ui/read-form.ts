import type { Context } from 'hono';
import type * as z from 'zod';
import { Problem } from '../core/problem.ts';
import type { HubEnv } from '../http/kit/types.ts';

const TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/**
 * The fields of a form that one of the hub's pages sent.
 *
 * @throws Problem `unsupported_media_type`, `invalid_request` for fields that no page sends so
 */
export async function readForm<T extends z.ZodType>(c: Context<HubEnv>, schema: T): Promise<z.infer<T>> {
  if (!TYPE.test(c.req.header('content-type') ?? '')) {
    throw new Problem('unsupported_media_type', 'The body is not a form.', {
      fix: 'Send "Content-Type: application/x-www-form-urlencoded".',
    });
  }
  return parseFields(new URLSearchParams(await c.req.text()), schema);
}

/**
 * The parameters of a link or the fields of a form.
 *
 * @throws Problem `invalid_request`
 */
export function parseFields<T extends z.ZodType>(fields: URLSearchParams, schema: T): z.infer<T> {
  const parsed = schema.safeParse(Object.fromEntries(fields));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Problem('invalid_request', `The link or the form is damaged: ${faults.join('; ')}.`, {
    fix: 'Open the link that your program shows, whole, or start the login there again.',
  });
}
