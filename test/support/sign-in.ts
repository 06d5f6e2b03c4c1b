import { type OpenPage, openPage, press } from './browser.ts';
import { newNamespace, postJson } from './skills.ts';
import { createWorld, type World } from './world.ts';

export interface Begun {
  device_code: string;
  user_code: string;
  verification_uri: string;
  expires_in: number;
  interval: number;
}

/** A world in which `acme` exists. */
export async function worldWithAcme(overrides?: Parameters<typeof createWorld>[0]): Promise<World> {
  const world = await createWorld(overrides);
  await newNamespace(world);
  return world;
}

/** Begins a login by device code as a client does. */
export async function begin(world: World, body: unknown = { scope: 'read write', label: 'CLI device login' }) {
  const response = await postJson(world, '/api/cli/device/code', body);
  if (response.status !== 200) throw new Error(`device/code answered ${response.status}: ${await response.text()}`);
  return response.json<Begun>();
}

/** Polls once; the status goes beside what the body says. */
export async function poll(world: World, deviceCode: string): Promise<Record<string, unknown>> {
  const response = await postJson(world, '/api/cli/device/token', {
    device_code: deviceCode,
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  });
  return { status: response.status, ...(await response.json<Record<string, unknown>>()) };
}

export const ACME = { namespace: 'acme', email: 'acme@example.com' };

/** The code in the last mail. */
export function lastCode(world: World): string {
  const [code] = /\b\d{6}\b/.exec(world.outbox.at(-1)?.text ?? '') ?? [];
  if (code === undefined) throw new Error('no mail with a code');
  return code;
}

/** A code that is certainly not the given one. */
export const otherCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** Opens the printed link and has a code mailed: to the page that asks for it. */
export async function toCodePage(world: World, { verification_uri }: Begun, who = ACME): Promise<OpenPage> {
  const asked = await press(world.fetch, await openPage(world.fetch, verification_uri), 'Go on');
  return press(world.fetch, asked, 'Mail me a code', who);
}

/** What a person does who approves. */
export async function approve(world: World, begun: Begun): Promise<OpenPage> {
  return press(world.fetch, await toCodePage(world, begun), 'Approve', { code: lastCode(world) });
}
