import { createVerify } from 'node:crypto';
import { expect, test } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import { newNamespace, publish, skill, tarGz, upload, zip } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';

test('a published version is vetted, signed, found, described and served', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const archive = await tarGz();

  const accepted = await upload(world, key, archive);
  expect(accepted.status).toBe(202);
  const { job_id } = await accepted.json<{ job_id: string }>();
  expect(accepted.headers.get('location')).toBe(`/v1/jobs/${job_id}`);
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(404);
  await world.drain();

  const job = await (await world.fetch(`/v1/jobs/${job_id}`)).json<{
    status: string;
    stages: { stage: string; status: string }[];
  }>();
  expect(job.status).toBe('pass');
  expect(job.stages.map(({ stage, status }) => `${stage} ${status}`)).toEqual([
    'structure pass',
    'content pass',
    'safety pass',
    'signing pass',
  ]);

  const found = await (await world.fetch('/v1/search?q=pdf')).json<{ packages: { name: string }[]; total: number }>();
  expect(found).toMatchObject({
    total: 1,
    page: 1,
    packages: [{ namespace: 'acme', name: 'pdf-tools', latest_version: '1.0.0' }],
  });

  const download = await world.fetch('/v1/download/acme/pdf-tools/1.0.0');
  expect(new Uint8Array(await download.arrayBuffer())).toEqual(archive);
  const signature = new Uint8Array(await (await world.fetch('/v1/download/acme/pdf-tools/1.0.0/sig')).arrayBuffer());
  const { keys } = await (await world.fetch('/v1/keys/registry')).json<{ keys: { pem: string }[] }>();
  expect(
    createVerify('sha256')
      .update(archive)
      .verify(keys[0]?.pem ?? '', signature),
  ).toBe(true);
});

test('a zip is served as the canonical archives of its files', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const accepted = await upload(world, key, await zip());
  expect(accepted.status).toBe(202);
  await world.drain();
  for (const format of ['skill', 'tar.gz', 'zip']) {
    const bytes = new Uint8Array(
      await (await world.fetch(`/v1/download/acme/pdf-tools/latest?format=${format}`)).arrayBuffer(),
    );
    expect(await readArchive(bytes), format).toEqual(skill());
  }
});

test('the same version is refused twice, another version is not', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  expect((await publish(world, key)).status).toBe('pass');
  const again = await upload(world, key, await tarGz());
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: 'version_exists' });
  expect((await publish(world, key, { version: '1.0.1' })).status).toBe('pass');
});
