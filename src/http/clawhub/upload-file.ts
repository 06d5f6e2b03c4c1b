import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../core/deps.ts';
import { issueTicket } from '../../core/uploads/issue-ticket.ts';
import { receiveFile } from '../../core/uploads/receive-file.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import { readBody } from '../kit/read-body.ts';
import type { ClawhubApp } from './app.ts';
import { originOf } from './params.ts';
import { announcedFileSchema, storedFileSchema, uploadUrlSchema } from './publish-schemas.ts';
import { refusals } from './refusals.ts';

const common = { method: 'post' as const, tags: ['Publishing'], security: [{ key: [] }], middleware: requireKey };

const urlRoute = createRoute({
  ...common,
  path: '/skills/-/upload-url',
  summary: 'Announce one file of a publish',
  request: { body: { required: true, ...json(announcedFileSchema, 'The file.') } },
  responses: {
    200: json(uploadUrlSchema, 'Where to send it, within an hour.'),
    ...refusals(400, 401, 403, 413),
  },
});

const uploadRoute = createRoute({
  ...common,
  path: '/skills/-/upload/{ticket}',
  summary: 'Send one file of a publish',
  request: {
    params: z.object({ ticket: z.string() }),
    body: {
      required: true,
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
  },
  responses: {
    200: json(storedFileSchema, 'The file is stored until it is published.'),
    ...refusals(400, 401, 403, 404, 413, 503),
  },
});

export function uploadEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(urlRoute, async (c) => {
    const secret = await issueTicket(deps, c.get('actor'), c.req.valid('json'));
    const uploadUrl = `${originOf(c, deps)}/api/v1/skills/-/upload/${secret}`;
    return c.json({ uploadUrl, uploadTicket: secret }, 200, { 'Cache-Control': 'no-store' });
  });
  app.openapi(uploadRoute, async (c) => {
    const read = (maxBytes: number) => readBody(deps, c.req.raw, maxBytes);
    const storageId = await receiveFile(deps, c.get('actor'), c.req.valid('param').ticket, read);
    return c.json({ storageId }, 200, { 'Cache-Control': 'no-store' });
  });
}
