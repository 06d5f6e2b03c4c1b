import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { publish } from '../support/skills.ts';
import { writeFiles } from './files.ts';
import { hubSession, REGISTRY } from './hub.ts';
import { lyingKey } from './lying-log.ts';
import { honest, publishedSession, splitView } from './tampered-session.ts';

let session: Awaited<ReturnType<typeof publishedSession>>;

beforeEach(async () => {
  session = await publishedSession();
});

describe('what a client remembers of a log', () => {
  const memory = async () => JSON.parse(await readFile(join(session.home, '.skills/checkpoints.json'), 'utf8'));

  it('is asked from where it was left, and moves on', async () => {
    await session.run('install', '@acme/pdf-tools');
    await publish(session.world, session.key, { name: 'csv-summary' });
    await publish(session.world, session.key, { name: 'log-reader' });
    expect((await session.run('install', '@acme/csv-summary', '@acme/log-reader')).code).toBe(0);
    const asked = session.sent.filter(({ url }) => url.includes('/v1/log/')).map(({ url }) => new URL(url).search);
    expect(asked).toEqual(['', '?from=2', '?from=4']);
    const { [REGISTRY]: seen } = (await memory()).registries;
    expect(seen.checkpoint.split('\n')[1]).toBe('4');
  });

  it('is joined with what another process saw meanwhile', async () => {
    await session.run('install', '@acme/pdf-tools');
    const early = await memory();
    await session.emptyCache();
    let other: Promise<unknown> | undefined;
    session.tamper = async (path, response) => {
      if (!path.startsWith('/v1/log/proof/') || other) return response;
      await publish(session.world, session.key, { name: 'csv-summary' });
      const neighbour = await hubSession({ world: session.world, home: session.home });
      other = neighbour.run('install', '@acme/csv-summary');
      await other;
      return response;
    };
    expect(await session.run('install', '@acme/pdf-tools')).toMatchObject({ code: 0 });
    const joined = await memory();
    expect(joined.registries[REGISTRY].checkpoint.split('\n')[1]).toBe('3');
    expect(early.registries[REGISTRY].checkpoint.split('\n')[1]).toBe('2');
    expect(session.sent.some(({ url }) => url.includes('/v1/log/checkpoint'))).toBe(true);
  });

  it('shows a split view to two processes at once', async () => {
    await session.run('install', '@acme/pdf-tools');
    await session.emptyCache();
    await splitView(session);
    expect(await session.json('install', '@acme/pdf-tools')).toMatchObject({
      code: 1,
      document: { error: { code: 'equivocation' } },
    });
  });

  it('is for its owner alone, and missed when it is damaged', async () => {
    await session.run('install', '@acme/pdf-tools');
    await writeFiles(session.home, { '.skills/checkpoints.json': '{' });
    expect(await session.run('install', '@acme/pdf-tools')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('checkpoints.json is damaged.\nfix: Restore it'),
    });
    await rm(join(session.home, '.skills/checkpoints.json'));
    expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
  });

  it('a registry that never had a log is warned of once', async () => {
    session.tamper = lyingKey(undefined);
    const warning = `warning: ${REGISTRY} has no transparency log`;
    expect(await session.run('install', '@acme/pdf-tools')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(warning),
    });
    expect((await session.run('install', '@acme/pdf-tools')).stderr).toBe('');
    expect((await session.run('verify')).stderr).toBe('');
    session.tamper = honest;
    expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
    expect((await memory()).registries[REGISTRY]).not.toHaveProperty('warned');
  });

  it('a private skill is installed by those who may read it', async () => {
    await publish(session.world, session.key, { name: 'our-secrets' }, '?visibility=private');
    await session.run('login', '--token', session.key);
    expect((await session.run('install', '@acme/our-secrets')).code).toBe(0);
  });
});
