import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Registries, registryFor } from '../../cli/registries.ts';
import { DEFAULT_REGISTRY } from '../../cli/registry.ts';
import { newSession } from './terminal-session.ts';

const FLAG = 'https://flag.example';
const PROJECT = 'https://project.example';
const USER = 'https://user.example';
const ELSE = 'https://else.example';

interface Settings {
  env?: Record<string, string>;
  config?: object;
  /** "registries" of `skills.json`. */
  project?: Record<string, string>;
}

async function context({ env = {}, config = {}, project }: Settings = {}) {
  const { cwd, home } = await newSession();
  await mkdir(join(home, '.skills'), { recursive: true });
  await writeFile(join(home, '.skills/config.json'), JSON.stringify(config));
  if (project) await writeFile(join(cwd, 'skills.json'), JSON.stringify({ registries: project }));
  return { env, home, cwd };
}

describe('the registry of a namespace', () => {
  it('is that of the project, else that of the user, else the default one', async () => {
    const both = await context({
      env: { SKILLS_REGISTRY: ELSE },
      config: { namespaces: { '@acme': USER, '@mine': `${USER}/v1` } },
      project: { '@acme': PROJECT },
    });
    expect(await registryFor(both, 'acme', undefined)).toBe(PROJECT);
    expect(await registryFor(both, 'mine', undefined)).toBe(USER);
    expect(await registryFor(both, 'other', undefined)).toBe(ELSE);
    expect(await registryFor(both, undefined, undefined)).toBe(ELSE);
    expect(await registryFor(await context(), 'acme', undefined)).toBe(DEFAULT_REGISTRY);
  });

  it('is that of the project for folders below it, and not for what is installed for the user', async () => {
    const above = await context({ config: { namespaces: { '@acme': USER } }, project: { '@acme': PROJECT } });
    const below = { ...above, cwd: join(above.cwd, 'a/b') };
    await mkdir(below.cwd, { recursive: true });
    expect(await registryFor(below, 'acme', undefined)).toBe(PROJECT);
    expect(await registryFor(below, 'acme', undefined, { global: true })).toBe(USER);
  });

  it('is what --registry names for namespaces without one', async () => {
    const mapped = await context({ config: { namespaces: { '@acme': USER } } });
    const registries = await Registries.open(mapped, FLAG);
    expect([registries.fallback, registries.of('other'), registries.ofDependency('other')]).toEqual([FLAG, FLAG, FLAG]);
    expect(registries.ofDependency('acme')).toBe(USER);
    expect(() => registries.of('acme')).toThrow(expect.objectContaining({ code: 'registry_conflict', exitCode: 2 }));
    expect((await Registries.open(mapped, `${USER}/`)).of('acme')).toBe(USER);
  });

  it.each<[string, Settings]>([
    ['config.json', { config: { namespaces: { '@acme': 'hub.example' } } }],
    ['skills.json', { project: { '@acme': 'hub.example' } }],
  ])('has to be one, in %s as well', async (file, settings) => {
    const wrong = await context(settings);
    await expect(registryFor(wrong, 'other', undefined)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(
        new RegExp(
          `${file} gives @acme to a registry that cannot be: 'hub.example' is not the address of a registry.$`,
        ),
      ),
      fix: 'Did you mean https://hub.example?',
    });
  });

  it.each([`${PROJECT}/`, `${PROJECT}/v1`, 'https://PROJECT.example', `${PROJECT}?a`, `${PROJECT}:443`])(
    'is written in one way in a project, so not as %s',
    async (address) => {
      const wrong = await context({ project: { '@acme': address } });
      await expect(registryFor(wrong, 'acme', undefined)).rejects.toMatchObject({
        code: 'usage',
        message: `${join(wrong.cwd, 'skills.json')} gives @acme to '${address}', which is ${PROJECT}.`,
        fix: `Write it as ${PROJECT}.`,
      });
    },
  );
});
