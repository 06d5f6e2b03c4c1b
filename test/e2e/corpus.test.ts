import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readInstalled } from '../../cli/folder.ts';
import { operatorKey } from '../bench/child.ts';
import { createNamespaces, emptyCatalogue, fill } from '../bench/fill.ts';
import { CORPUS, corpusSkills } from '../bench/skills.ts';
import { spread } from '../bench/statistics.ts';
import { newSession } from '../cli/terminal-session.ts';
import { type HubProcess, startHubProcess } from '../support/hub-process.ts';

const PUBLISHED = 100;
const INSTALLED = 10;

const present = existsSync(CORPUS);
let hub: HubProcess | undefined;

afterAll(() => hub?.stop());

const title = `${PUBLISHED} real skills go in through the API, are found, and come out of the command line as they were`;

test(title, { timeout: 60_000 }, async ({ skip }) => {
  skip(!present, `the corpus of real skills is not there: ${CORPUS}`);
  // Before the hub starts: reading them stops this process for longer than a connection stays open.
  const skills = corpusSkills().slice(0, PUBLISHED);
  // All of it comes from one address.
  hub = await startHubProcess({ env: { RATE_LIMITS: 'off' } });
  const { url, data } = hub;
  const access = { url, operatorKey: operatorKey({ dataPath: data }) };
  const catalogue = emptyCatalogue();
  await createNamespaces(access, skills);
  await fill(access, catalogue, skills);
  const refused = [...catalogue.refused.values()].reduce((sum, { count }) => sum + count, 0);
  expect(catalogue.published.length + refused).toBe(PUBLISHED);
  expect(catalogue.published.length).toBeGreaterThanOrEqual(PUBLISHED * 0.9);

  const session = await newSession({
    startsAt: Date.now(),
    env: { SKILLS_REGISTRY: url },
    fetch: (address, options) => fetch(address, options),
  });
  const wanted = spread(catalogue.published, INSTALLED);
  expect(wanted).toHaveLength(INSTALLED);
  for (const { namespace, name } of wanted) {
    const found = await session.json('search', name.replaceAll('-', ' '));
    expect(found).toMatchObject({ code: 0 });
    expect(JSON.stringify(found.document)).toContain(`"namespace":"${namespace}","name":"${name}"`);
  }

  const refs = wanted.map(({ namespace, name, version }) => `@${namespace}/${name}@${version}`);
  expect(await session.run('install', ...refs)).toMatchObject({ code: 0 });
  // Asks the registry again, for the digest and the signature over it.
  expect(await session.json('verify')).toMatchObject({ code: 0, document: { ok: true } });
  for (const { namespace, name } of wanted) {
    const original = skills.find((skill) => skill.namespace === namespace && skill.name === name);
    expect(await readInstalled(join(session.cwd, '.agents/skills', name))).toEqual(original?.bundle);
  }
});
