import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { acceptTransfer } from '../../../core/transfers/accept-transfer.ts';
import { cancelTransfer, rejectTransfer } from '../../../core/transfers/end-transfer.ts';
import { listTransfers, type PendingTransfer } from '../../../core/transfers/list-transfers.ts';
import { requestTransfer } from '../../../core/transfers/request-transfer.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import { NO_STORE } from '../admin/common.ts';
import type { V1App } from '../app.ts';
import {
  endedTransferSchema,
  newTransferSchema,
  problemSchema,
  requestedTransferSchema,
  transfersSchema,
} from '../schemas.ts';
import { isoTime } from '../wire.ts';
import { skillParams } from './params.ts';

const common = { tags: ['Transfers'], security: [{ key: [] }], middleware: requireKey };
const path = '/packages/{namespace}/{name}/transfer';
const request = { params: skillParams };
const errors = problems(problemSchema, 401, 403, 404, 409);

const offerRoute = createRoute({
  ...common,
  method: 'post',
  path,
  summary: 'Offer a skill to another namespace, for seven days',
  description: 'It moves with its versions, stars and counts; its old name leads to it. Needs `admin`.',
  request: { ...request, body: { required: true, ...json(newTransferSchema, 'Who shall have it.') } },
  responses: {
    200: json(requestedTransferSchema, 'Offered; or moved at once, where the key counts in both namespaces.'),
    ...errors,
    ...problems(problemSchema, 400, 413, 422),
  },
});

const cancelRoute = createRoute({
  ...common,
  method: 'delete',
  path,
  summary: 'Take an offer back',
  request,
  responses: { 200: json(endedTransferSchema, 'Nobody can accept it any more.'), ...errors },
});

const acceptRoute = createRoute({
  ...common,
  method: 'post',
  path: `${path}/accept`,
  summary: 'Take over a skill that is offered',
  description: 'Named as it is called while its owner offers it. Needs `admin` in the receiving namespace.',
  request,
  responses: { 200: json(endedTransferSchema, 'It is yours.'), ...errors },
});

const declineRoute = createRoute({
  ...common,
  method: 'post',
  path: `${path}/decline`,
  summary: 'Refuse a skill that is offered',
  request,
  responses: { 200: json(endedTransferSchema, 'It stays where it is.'), ...errors },
});

const listRoute = createRoute({
  ...common,
  method: 'get',
  path: '/transfers',
  summary: 'Pending offers to or of your namespaces',
  request: { query: z.object({ direction: z.enum(['incoming', 'outgoing']).default('incoming') }) },
  responses: {
    200: json(transfersSchema, 'Oldest first, at most 200. Operators see those of all.'),
    ...problems(problemSchema, 400, 401, 403),
  },
});

export function transferEndpoints(app: V1App, deps: Deps): void {
  app.openapi(offerRoute, async (c) => {
    const { to, message = '' } = c.req.valid('json');
    const requested = await requestTransfer(deps, c.get('actor'), refOf(c.req.valid('param')), { to, message });
    const { slug: _, expiresAt, ...rest } = requested;
    return c.json({ ...rest, expires_at: isoTime(expiresAt) }, 200, NO_STORE);
  });
  app.openapi(cancelRoute, async (c) => {
    const { namespace, name } = await cancelTransfer(deps, c.get('actor'), refOf(c.req.valid('param')));
    return c.json({ namespace, name }, 200, NO_STORE);
  });
  app.openapi(acceptRoute, async (c) => {
    const { namespace, name } = await acceptTransfer(deps, c.get('actor'), refOf(c.req.valid('param')));
    return c.json({ namespace, name }, 200, NO_STORE);
  });
  app.openapi(declineRoute, async (c) => {
    const { namespace, name } = await rejectTransfer(deps, c.get('actor'), refOf(c.req.valid('param')));
    return c.json({ namespace, name }, 200, NO_STORE);
  });
  app.openapi(listRoute, async (c) => {
    const found = await listTransfers(deps, c.get('actor'), c.req.valid('query').direction);
    return c.json({ transfers: found.map(toWire) }, 200, NO_STORE);
  });
}

function refOf({ namespace, name }: z.infer<typeof skillParams>) {
  return { slug: name, owner: namespace };
}

function toWire({ id, skill, from, to, message, requestedAt, expiresAt }: PendingTransfer) {
  const { namespace, name } = skill;
  return { id, namespace, name, from, to, message, requested_at: isoTime(requestedAt), expires_at: isoTime(expiresAt) };
}
