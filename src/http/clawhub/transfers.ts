import { createRoute } from '@hono/zod-openapi';
import type * as z from 'zod';
import type { Actor } from '../../core/accounts/actor.ts';
import type { OwnedRef } from '../../core/catalog/find-by-ref.ts';
import type { Deps } from '../../core/deps.ts';
import { acceptTransfer } from '../../core/transfers/accept-transfer.ts';
import { cancelTransfer, type EndedTransfer, rejectTransfer } from '../../core/transfers/end-transfer.ts';
import { listTransfers, type PendingTransfer } from '../../core/transfers/list-transfers.ts';
import { requestTransfer } from '../../core/transfers/request-transfer.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { ownerQuery, refOf, slugParams } from './params.ts';
import { refusals } from './refusals.ts';
import {
  decidedTransferSchema,
  requestedTransferSchema,
  transferListSchema,
  transferRequestSchema,
} from './transfer-schemas.ts';

const common = { tags: ['Transfers'], security: [{ key: [] }], middleware: requireKey };
const request = { params: slugParams, query: ownerQuery };

const requestRoute = createRoute({
  ...common,
  method: 'post',
  path: '/skills/{slug}/transfer',
  summary: 'Offer a skill to another namespace, for seven days',
  request: { ...request, body: { required: true, ...json(transferRequestSchema, 'Who shall have it.') } },
  responses: {
    200: json(requestedTransferSchema, 'Offered; or moved at once, where the key counts in both namespaces.'),
    ...refusals(400, 401, 403, 404, 409, 410, 413),
  },
});

type Decide = (deps: Deps, actor: Actor, ref: OwnedRef) => Promise<EndedTransfer>;

const DECISIONS: [path: string, summary: string, decide: Decide][] = [
  ['/skills/{slug}/transfer/accept', 'Take over a skill that is offered', acceptTransfer],
  ['/skills/{slug}/transfer/reject', 'Refuse a skill that is offered', rejectTransfer],
  ['/skills/{slug}/transfer/cancel', 'Take an offer back', cancelTransfer],
];

const decisionRoute = (path: string, summary: string) =>
  createRoute({
    ...common,
    method: 'post',
    path,
    summary,
    request,
    responses: { 200: json(decidedTransferSchema, 'Done.'), ...refusals(400, 401, 403, 404, 409) },
  });

const listRoute = (direction: Direction) =>
  createRoute({
    ...common,
    method: 'get',
    path: `/transfers/${direction}`,
    summary: `Pending transfers, ${direction}`,
    responses: { 200: json(transferListSchema, 'Oldest first, at most 200.'), ...refusals(401, 403) },
  });

const DIRECTIONS = ['incoming', 'outgoing'] as const;
type Direction = (typeof DIRECTIONS)[number];

export function transferEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(requestRoute, async (c) => {
    const ref = refOf(c.req.valid('param').slug, c.req.valid('query'));
    const { toUserHandle, message } = c.req.valid('json');
    const offer = { to: toUserHandle, message: message ?? '' };
    const { id, to, slug, expiresAt, transferred } = await requestTransfer(deps, c.get('actor'), ref, offer);
    const answer = transferred
      ? { ok: true as const, skillSlug: slug, toPublisherHandle: to, transferred: true as const }
      : { ok: true as const, transferId: id, skillSlug: slug, toUserHandle: to, expiresAt };
    return c.json(answer, 200, NO_STORE);
  });
  for (const [path, summary, decide] of DECISIONS) {
    app.openapi(decisionRoute(path, summary), async (c) => {
      const { slug: skillSlug } = await decide(
        deps,
        c.get('actor'),
        refOf(c.req.valid('param').slug, c.req.valid('query')),
      );
      return c.json({ ok: true as const, skillSlug }, 200, NO_STORE);
    });
  }
  for (const direction of DIRECTIONS) {
    app.openapi(listRoute(direction), async (c) => {
      const found = await listTransfers(deps, c.get('actor'), direction);
      return c.json({ transfers: found.map((transfer) => toWire(transfer, direction)) }, 200, NO_STORE);
    });
  }
}

const NO_STORE = { 'Cache-Control': 'no-store' };

function toWire(
  transfer: PendingTransfer,
  direction: Direction,
): z.infer<typeof transferListSchema>['transfers'][number] {
  const { id, skill, other, message, requestedAt, expiresAt } = transfer;
  const user = { _id: other.slug, handle: other.slug, displayName: other.displayName };
  return {
    _id: id,
    skill: { _id: `${skill.namespace}/${skill.name}`, slug: skill.slug, displayName: skill.displayName },
    ...(direction === 'incoming' ? { fromUser: user } : { toUser: user }),
    ...(message === '' ? {} : { message }),
    requestedAt,
    expiresAt,
  };
}
