import { join } from 'node:path';
import { getJson, newNamespace, type SkillOptions } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';
import { writeSkill } from './files.ts';
import { type HubSession, hubSession } from './hub.ts';

/** A publisher with skills of these names, one letter apart from nothing that others have. */
export async function author(names: readonly string[], options: Parameters<typeof hubSession>[0] = {}) {
  const world = options.world ?? (await createWorld());
  const { key, headers } = await newNamespace(world, 'acme');
  const session = await hubSession({ ...options, world, env: { SKILLS_TOKEN: key } });
  const folder = (name: string) => join(session.cwd, 'skills', name);
  const write = (name: string, skill: SkillOptions = {}) => writeSkill(folder(name), { name, ...skill });
  for (const name of names) await write(name);
  return { ...session, key, headers, folder, write };
}

/** The requests that published something. */
export const uploads = ({ sent }: HubSession) =>
  sent.filter(({ method, url }) => method === 'POST' && url.includes('/publish'));

/** The versions that the registry shows of a skill of acme, newest first. */
export const versionsOf = async (session: HubSession, name: string, headers = {}) =>
  (
    await getJson<{ versions: { version: string }[] }>(session.world, `/v1/packages/acme/${name}/versions`, headers)
  ).versions.map(({ version }) => version);

/** One line for each skill of a report. */
export const statuses = ({ document }: { document: unknown }) =>
  (document as { skills: { skill: string; status: string; version: string }[] }).skills.map(
    ({ skill, status, version }) => `${skill} ${status} ${version}`,
  );
