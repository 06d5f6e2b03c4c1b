import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../../support/skills.ts';
import { createWorld, type World } from '../../support/world.ts';
import { hubSession, REGISTRY } from '../hub.ts';

const MESSAGE = 'Use @acme/pdf-kit.';
const SKILL = '@acme/pdf-tools';

let world: World;
let key: string;

beforeEach(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world));
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await publish(world, key, { version });
});

const publisher = () => hubSession({ world, env: { SKILLS_TOKEN: key } });

describe('skills deprecate', () => {
  it('advises against a whole skill', async () => {
    const session = await publisher();
    expect(await session.run('deprecate', SKILL, MESSAGE)).toEqual({
      code: 0,
      stdout: `Deprecated ${SKILL}: as a whole\n`,
      stderr: '',
    });
    expect((await session.json('info', SKILL)).document).toMatchObject({ deprecated: MESSAGE });
  });

  it('advises against versions, and says which', async () => {
    const session = await publisher();
    expect(await session.run('deprecate', `${SKILL}@<2`, MESSAGE)).toMatchObject({
      code: 0,
      stdout: `Deprecated ${SKILL}: 1.1.0, 1.0.0\n`,
    });
    expect((await session.json('info', `${SKILL}@1.0.0`)).document).toMatchObject({ deprecated: MESSAGE });
    expect((await session.json('info', SKILL)).document).not.toHaveProperty('deprecated');
  });

  it('answers with JSON', async () => {
    const session = await publisher();
    expect(await session.json('deprecate', 'acme/pdf-tools@1.0.0', ` ${MESSAGE} `)).toEqual({
      code: 0,
      document: {
        registry: REGISTRY,
        namespace: 'acme',
        name: 'pdf-tools',
        range: '1.0.0',
        versions: ['1.0.0'],
        message: MESSAGE,
      },
      stderr: '',
    });
    expect(await session.json('undeprecate', SKILL)).toEqual({
      code: 0,
      document: { registry: REGISTRY, namespace: 'acme', name: 'pdf-tools', range: null, versions: ['1.0.0'] },
      stderr: '',
    });
  });

  it.each([
    [['pdf-tools', MESSAGE], "'pdf-tools' does not name a skill, or versions of it."],
    [[`${SKILL}@latest`, MESSAGE], `'${SKILL}@latest' does not name a skill, or versions of it.`],
    [[SKILL, ''], 'The message must not be empty.'],
    [[SKILL, 'x'.repeat(501)], 'The message is 501 characters long; the maximum is 500.'],
    [[SKILL, 'a\nb'], 'The message must be one line.'],
    [[SKILL, '\u001b[2J'], 'The message holds U+001B, which cannot be shown.'],
    [[SKILL], 'Not enough positional arguments.'],
  ])('%j is wrong usage', async (args, message) => {
    const session = await publisher();
    expect(await session.json('deprecate', ...args)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message } },
    });
    expect(session.sent).toEqual([]);
  });

  it('ends with 1 where nothing is meant, with 4 for who may not', async () => {
    const session = await publisher();
    expect(await session.json('deprecate', `${SKILL}@^9`, MESSAGE)).toMatchObject({
      code: 1,
      document: { error: { code: 'not_found', message: `${SKILL} has no version that satisfies '^9'.` } },
    });
    const { key: foreign } = await newNamespace(world, 'umbrella');
    const neighbour = await hubSession({ world, env: { SKILLS_TOKEN: foreign } });
    expect(await neighbour.json('deprecate', SKILL, MESSAGE)).toMatchObject({
      code: 4,
      document: { error: { code: 'forbidden' } },
    });
  });
});

describe('what is deprecated', () => {
  it('is shown by info', async () => {
    const session = await publisher();
    await session.run('deprecate', `${SKILL}@<2`, MESSAGE);
    await session.run('tag', `${SKILL}@1.0.0`, 'old');
    const { stdout } = await session.run('info', `${SKILL}@1.0.0`, '--versions');
    expect(stdout).toMatch(/^deprecated +Use @acme\/pdf-kit\.$/m);
    expect(stdout).toMatch(
      /^2\.0\.0 {2}\S+ {2}latest\n1\.1\.0 {2}\S+ {2}deprecated\n1\.0\.0 {2}\S+ {2}old, deprecated$/m,
    );
  });

  it('is installed with a warning, also out of the lock file', async () => {
    const session = await publisher();
    await session.run('deprecate', SKILL, MESSAGE);
    const warning = `warning: ${SKILL}@2.0.0 is deprecated: ${MESSAGE}\n`;
    const installed = await session.run('install', SKILL);
    expect([installed.code, installed.stderr]).toEqual([0, expect.stringContaining(warning)]);
    expect((await session.run('install')).stderr).not.toContain('warning');
    await rm(join(session.cwd, '.agents'), { recursive: true });
    const again = await session.run('ci');
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining(warning)]);
  });

  it('is installed without one once that was taken back', async () => {
    const session = await publisher();
    await session.run('deprecate', SKILL, MESSAGE);
    await session.run('install', SKILL);
    await session.run('undeprecate', SKILL);
    const { code, stderr } = await session.run('install', SKILL);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('deprecated')]);
  });
});

describe('skills undeprecate', () => {
  it('takes it back', async () => {
    const session = await publisher();
    await session.run('deprecate', `${SKILL}@<2`, MESSAGE);
    expect(await session.run('undeprecate', `${SKILL}@1.0.0`)).toEqual({
      code: 0,
      stdout: `${SKILL} is not deprecated any more: 1.0.0\n`,
      stderr: '',
    });
    expect((await session.run('undeprecate', `${SKILL}@1.0.0`)).stdout).toBe(
      `${SKILL}: none of this was deprecated; nothing changed.\n`,
    );
    expect((await session.run('undeprecate', SKILL)).stdout).toBe(`${SKILL} is not deprecated any more: 1.1.0\n`);
  });

  it('takes no versions out of a skill that is deprecated as a whole', async () => {
    const session = await publisher();
    await session.run('deprecate', SKILL, MESSAGE);
    expect(await session.json('undeprecate', `${SKILL}@1.0.0`)).toMatchObject({
      code: 1,
      document: { error: { code: 'state_conflict', message: `${SKILL} is deprecated as a whole.` } },
    });
    expect((await session.run('undeprecate', SKILL)).stdout).toBe(
      `${SKILL} is not deprecated any more: 2.0.0, 1.1.0, 1.0.0\n`,
    );
  });
});
