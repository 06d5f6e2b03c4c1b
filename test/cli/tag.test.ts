import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { hubSession, REGISTRY } from './hub.ts';

let world: World;
let key: string;

beforeEach(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world));
  for (const version of ['1.0.0', '2.0.0']) await publish(world, key, { version });
});

const publisher = () => hubSession({ world, env: { SKILLS_TOKEN: key } });

describe('skills tag', () => {
  it('tags a version, which install, info and others then take by it', async () => {
    const session = await publisher();
    expect(await session.run('tag', '@acme/pdf-tools@1.0.0', 'beta')).toEqual({
      code: 0,
      stdout: '@acme/pdf-tools@beta is 1.0.0 now.\n',
      stderr: '',
    });
    expect((await session.json('install', '@acme/pdf-tools@beta')).document).toMatchObject({
      installed: [{ version: '1.0.0' }],
    });
    expect((await session.run('info', 'pdf-tools@beta', '--versions')).stdout).toMatch(
      /^2\.0\.0 {2}\S+ {2}latest\n1\.0\.0 {2}\S+ {2}beta\n$/m,
    );
  });

  it('moves latest', async () => {
    const session = await publisher();
    await session.run('tag', 'acme/pdf-tools@1.0.0', 'latest');
    expect((await session.json('install', '@acme/pdf-tools')).document).toMatchObject({
      installed: [{ version: '1.0.0' }],
    });
  });

  it('answers with JSON', async () => {
    const session = await publisher();
    const tagged = { namespace: 'acme', name: 'pdf-tools', tag: 'beta' };
    expect(await session.json('tag', '@acme/pdf-tools@1.0.0', 'beta')).toEqual({
      code: 0,
      document: { ...tagged, version: '1.0.0', removed: false },
      stderr: '',
    });
    expect(await session.json('tag', '--remove', '@acme/pdf-tools', 'beta')).toEqual({
      code: 0,
      document: { ...tagged, removed: true },
      stderr: '',
    });
  });

  it('removes a tag, once', async () => {
    const session = await publisher();
    await session.run('tag', '@acme/pdf-tools@1.0.0', 'beta');
    expect(await session.run('tag', '@acme/pdf-tools', 'beta', '--remove')).toEqual({
      code: 0,
      stdout: "@acme/pdf-tools has no tag 'beta' any more.\n",
      stderr: '',
    });
    expect((await session.run('tag', '--remove', '@acme/pdf-tools', 'beta')).stderr).toBe(
      "error: @acme/pdf-tools has no tag 'beta'.\nfix: List the versions: skills info @acme/pdf-tools --versions.\n",
    );
    expect((await session.run('install', '@acme/pdf-tools@beta')).stderr).toBe(
      "error: @acme/pdf-tools has no version tagged 'beta'.\nfix: See which there are: skills info @acme/pdf-tools --versions\n",
    );
  });

  it.each([
    [['@acme/pdf-tools', 'beta'], "'@acme/pdf-tools' does not name one version."],
    [['pdf-tools@1.0.0', 'beta'], "'pdf-tools@1.0.0' does not name one version."],
    [['@acme/pdf-tools@^1', 'beta'], "'@acme/pdf-tools@^1' does not name one version."],
    [['--remove', '@acme/pdf-tools@1.0.0', 'beta'], "'@acme/pdf-tools@1.0.0' does not name a skill."],
    [['@acme/pdf-tools@1.0.0', 'v1'], "The tag 'v1' would be read as a version or a range."],
    [['@acme/pdf-tools@1.0.0'], 'Not enough positional arguments.'],
  ])('%j is wrong usage', async (args, message) => {
    const session = await publisher();
    const sentBefore = session.sent.length;
    expect(await session.json('tag', ...args)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message } },
    });
    expect(session.sent).toHaveLength(sentBefore);
  });

  it.each([
    ['without a key', {}, 4, 'unauthorized'],
    ['of a version that is not there', { version: '9.0.0' }, 1, 'not_found'],
  ])('fails %s', async (_, { version = '1.0.0' }: { version?: string }, code, errorCode) => {
    const session = code === 4 ? await hubSession({ world }) : await publisher();
    expect(await session.json('tag', `@acme/pdf-tools@${version}`, 'beta', '--registry', REGISTRY)).toMatchObject({
      code,
      document: { error: { code: errorCode } },
    });
  });
});
