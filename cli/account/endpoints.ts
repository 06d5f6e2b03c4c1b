import * as wire from '../../src/http/v1/schemas.ts';
import type { Address, Client } from '../client.ts';

/** The endpoints about keys, stars, owners and advice. */

export interface TokenTerms {
  namespace: string | undefined;
  label: string;
  /** Empty for what the registry gives unless told otherwise. */
  scopes: readonly string[];
  /** Seconds that it lives. */
  seconds: number | undefined;
}

export async function createToken(client: Client, { namespace, label, scopes, seconds }: TokenTerms) {
  const asked = wire.newKeySchema.parse({ label, ...(scopes.length > 0 ? { scopes } : {}), expires_in: seconds });
  const made = await client.call(wire.createdKeySchema, 'keys', { method: 'POST', query: { namespace }, body: asked });
  return { ...made, label, scopes: asked.scopes, expires_at: made.expires_at ?? null };
}

export function listTokens(client: Client, namespace: string | undefined) {
  return client.call(wire.keysSchema, 'keys', { query: { namespace } });
}

export function revokeToken(client: Client, id: string): Promise<void> {
  return client.tell('DELETE', `keys/${encodeURIComponent(id)}`);
}

export function deprecate(client: Client, skill: Address, range: string | undefined, message: string) {
  const call = { method: 'PUT', query: { range }, body: { message } };
  return client.call(wire.deprecatedSchema, `${pathOf(skill)}/deprecation`, call);
}

export function undeprecate(client: Client, skill: Address, range: string | undefined) {
  const call = { method: 'DELETE', query: { range } };
  return client.call(wire.deprecatedSchema, `${pathOf(skill)}/deprecation`, call);
}

/** @param starred whether the skill shall have a star of the key's namespace */
export function setStar(client: Client, skill: Address, starred: boolean) {
  return client.call(wire.starredSchema, `${pathOf(skill)}/star`, { method: starred ? 'PUT' : 'DELETE' });
}

/** All skills that the key's namespace has starred, the latest star first. */
export async function listStars(client: Client): Promise<StarredSkill[]> {
  const all: StarredSkill[] = [];
  for (let after: string | undefined; ; ) {
    const page = await client.call(wire.starsSchema, 'stars', { query: { limit: '200', after } });
    all.push(...page.stars);
    if (page.next === null) return all;
    after = page.next;
  }
}

export type StarredSkill = wire.StarsBody['stars'][number];

export function offerSkill(client: Client, skill: Address, offer: { to: string; message: string | undefined }) {
  const call = { method: 'POST', body: offer };
  return client.call(wire.requestedTransferSchema, `${pathOf(skill)}/transfer`, call);
}

export const ANSWERS = ['accept', 'decline', 'cancel'] as const;

/** Ends an offer: the receiver accepts or declines, the owner cancels. */
export function endOffer(client: Client, skill: Address, answer: (typeof ANSWERS)[number]) {
  const path = `${pathOf(skill)}/transfer`;
  if (answer === 'cancel') return client.call(wire.endedTransferSchema, path, { method: 'DELETE' });
  return client.call(wire.endedTransferSchema, `${path}/${answer}`, { method: 'POST' });
}

export async function listOffers(client: Client, direction: 'incoming' | 'outgoing') {
  return (await client.call(wire.transfersSchema, 'transfers', { query: { direction } })).transfers;
}

function pathOf({ namespace, name }: Address): string {
  return `packages/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}
