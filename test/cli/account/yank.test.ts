import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../../support/skills.ts';
import { createWorld } from '../../support/world.ts';
import { type HubSession, hubSession } from '../hub.ts';

const REF = '@acme/pdf-tools@1.0.0';

let session: HubSession;

beforeEach(async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key);
  session = await hubSession({ world, env: { SKILLS_TOKEN: key } });
});

describe('skills unyank', () => {
  it.each([[['unyank', REF]], [['yank', REF, '--undo']]])('%j brings a version back, once', async (argv) => {
    expect(await session.run('yank', REF)).toEqual({ code: 0, stdout: `Yanked ${REF}\n`, stderr: '' });
    expect((await session.run('yank', REF)).stdout).toBe(`${REF} was yanked before; nothing changed.\n`);
    expect((await session.run('info', REF)).code).toBe(1);
    expect(await session.run(...argv)).toEqual({ code: 0, stdout: `Brought back ${REF}\n`, stderr: '' });
    expect((await session.run(...argv)).stdout).toBe(`${REF} was not yanked; nothing changed.\n`);
    expect((await session.run('info', REF)).code).toBe(0);
  });

  it('answers with JSON, as yank does', async () => {
    const answer = async (...argv: string[]) => (await session.json(...argv)).document;
    expect(await answer('yank', REF)).toEqual({ ref: REF, yanked: true, changed: true });
    expect(await answer('yank', REF)).toEqual({ ref: REF, yanked: true, changed: false });
    expect(await answer('unyank', REF)).toEqual({ ref: REF, yanked: false, changed: true });
    expect(await answer('unyank', REF)).toEqual({ ref: REF, yanked: false, changed: false });
  });

  it('takes no range', async () => {
    expect(await session.json('unyank', '@acme/pdf-tools@^1')).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message: "'@acme/pdf-tools@^1' does not name one version." } },
    });
  });
});
