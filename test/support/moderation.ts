import { newNamespace, postJson } from './skills.ts';
import { OPERATOR_KEY, type World } from './world.ts';

export const OPERATOR = { authorization: `Bearer ${OPERATOR_KEY}` };

type Headers = Record<string, string>;

/** A call of `/v1/admin`. */
export function moderate(world: World, path: string, body: unknown, headers: Headers = OPERATOR): Promise<Response> {
  return postJson(world, `/v1/admin/${path}`, body, headers);
}

/** A namespace that the operator has made a moderator. */
export async function newModerator(world: World, slug = 'warden') {
  const made = await newNamespace(world, slug);
  const response = await setModerator(world, slug, true);
  if (response.status !== 200) throw new Error(`moderator answered ${response.status}`);
  return made;
}

export function setModerator(world: World, slug: string, moderator: boolean, headers: Headers = OPERATOR) {
  return world.fetch(`/v1/admin/namespaces/${slug}/moderator`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ moderator }),
  });
}

/** What the audit log says, oldest first. */
export async function auditOf(world: World): Promise<{ actor: string; act: string; subject: string }[]> {
  const response = await world.fetch('/v1/admin/audit?limit=200', { headers: OPERATOR });
  const { events } = await response.json<{ events: { actor: string; act: string; subject: string }[] }>();
  return events.map(({ actor, act, subject }) => ({ actor, act, subject }));
}
