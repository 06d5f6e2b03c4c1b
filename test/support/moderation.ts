import { MALICIOUS } from './harmful.ts';
import { mailedCode, newNamespace, postJson, publish, worldWithKey } from './skills.ts';
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

/** A version of acme that is held for review, by the id of its job, and a moderator. */
export async function worldWithHeld(overrides?: Parameters<typeof worldWithKey>[0]) {
  const made = await worldWithKey(overrides);
  const { id } = await publish(made.world, made.key, MALICIOUS);
  return { ...made, id, warden: await newModerator(made.world) };
}

/** A skill of acme that a moderator has hidden. */
export async function worldWithHidden() {
  const made = await worldWithKey();
  await publish(made.world, made.key);
  const warden = await newModerator(made.world);
  const path = 'skills/acme/pdf-tools/hide';
  const hidden = await moderate(made.world, path, { reason: 'It steals keys.' }, warden.headers);
  if (hidden.status !== 200) throw new Error(`hide answered ${hidden.status}`);
  return { ...made, warden, hidden };
}

export function setModerator(world: World, slug: string, moderator: boolean, headers: Headers = OPERATOR) {
  return world.fetch(`/v1/admin/namespaces/${slug}/moderator`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ moderator }),
  });
}

/** Uses a code that was mailed to a namespace, which shows that its owner reads the mail of its address. */
export async function proveAddress(world: World, namespace: string): Promise<void> {
  const otp = await mailedCode(world, namespace);
  const response = await postJson(world, '/v1/auth/token', { namespace, otp });
  if (response.status !== 200) throw new Error(`the code of ${namespace} answered ${response.status}`);
}

/** What the audit log says, oldest first. */
export async function auditOf(world: World): Promise<{ actor: string; act: string; subject: string }[]> {
  const response = await world.fetch('/v1/admin/audit?limit=200', { headers: OPERATOR });
  const { events } = await response.json<{ events: { actor: string; act: string; subject: string }[] }>();
  return events.map(({ actor, act, subject }) => ({ actor, act, subject }));
}
