import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { OPERATOR } from '../support/moderation.ts';
import { request, SCAN, START, scan, status, TOO_MANY, tighten, worldWithSkill } from '../support/scans.ts';
import { furtherKey, publish } from '../support/skills.ts';

async function unzipped(response: Response): Promise<{ json: unknown; md: string; names: string[] }> {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/zip');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());
  return { json: JSON.parse(text('report.json')), md: text('report.md'), names: Object.keys(files) };
}

describe('a report as a zip', () => {
  test('of a scan', async () => {
    const { world, headers } = await worldWithSkill();
    tighten(world);
    const id = await scan(world, headers);
    const { json, md, names } = await unzipped(await world.fetch(`${SCAN}/${id}/download`, { headers }));
    expect(names).toEqual(['report.json', 'report.md']);
    expect(json).toMatchObject({
      id,
      source: 'scan',
      checkedAt: START,
      artifact: { slug: 'pdf-tools', ownerHandle: 'acme', version: '1.0.0' },
      report: { staticAnalysis: { reasonCodes: ['too-many-files'] } },
    });
    const [title, , when] = md.split('\n');
    expect(title).toBe('# @acme/pdf-tools@1.0.0: suspicious');
    expect(when).toBe('Scanned at 2026-01-01T00:00:00.000Z. Found 1 error and 0 hints.');
    expect(md).toContain(`- structure: fail\n- examination: pass\n\n## too-many-files (critical)\n\n${TOO_MANY}\n\n`);
  });

  test('of a version: its newest scan, else what it was published with', async () => {
    const { world, headers } = await worldWithSkill();
    const path = `${SCAN}/download/pdf-tools?version=1.0.0&kind=skill&ownerHandle=acme`;
    expect((await unzipped(await world.fetch(path, { headers }))).json).toMatchObject({
      source: 'publish',
      report: { stages: [{}, {}, {}, {}, { stage: 'signing', status: 'pass' }] },
    });
    const id = await scan(world, headers);
    expect((await unzipped(await world.fetch(path, { headers }))).json).toMatchObject({ id, source: 'scan' });
    expect((await unzipped(await world.fetch(path, { headers: OPERATOR }))).json).toMatchObject({ id });
  });

  test('of a version that was refused', async () => {
    const { world, key, headers } = await worldWithSkill();
    const path = `${SCAN}/download/pdf-tools?version=2.0.0`;
    expect(await refusalOf(await world.fetch(path, { headers }))).toEqual({ status: 404, text: 'Version not found' });
    expect((await publish(world, key, { version: '2.0.0', description: 'Too short.' })).status).toBe('fail');
    const { json, md } = await unzipped(await world.fetch(path, { headers }));
    expect(json).toMatchObject({
      source: 'publish',
      artifact: { version: '2.0.0', sha256: null },
      report: { staticAnalysis: { status: 'suspicious' } },
    });
    expect(md).toContain('description is too short');
  });

  test('of a plugin: there is none', async () => {
    const { world, headers } = await worldWithSkill();
    const path = `${SCAN}/download/pdf-tools?version=1.0.0&kind=plugin`;
    expect(await refusalOf(await world.fetch(path, { headers }))).toEqual({ status: 404, text: 'Package not found' });
  });
});

test('who may have a scan, and who may read it', async () => {
  const { world, key, headers, other } = await worldWithSkill();
  const reader = await furtherKey(world, key, ['read']);
  const publisher = await furtherKey(world, key, ['publish']);
  expect((await refusalOf(await request(world, {}))).status).toBe(401);
  expect((await refusalOf(await request(world, reader.headers))).status).toBe(403);
  expect((await refusalOf(await request(world, other.headers))).status).toBe(403);
  const id = await scan(world, publisher.headers);
  for (const path of [`${SCAN}/${id}`, `${SCAN}/${id}/download`, `${SCAN}/download/pdf-tools?version=1.0.0`]) {
    expect((await world.fetch(path, { headers: reader.headers })).status, path).toBe(200);
    expect((await world.fetch(path, { headers: OPERATOR })).status, path).toBe(200);
    expect((await refusalOf(await world.fetch(path, { headers: other.headers }))).status, path).toBe(404);
    expect((await refusalOf(await world.fetch(path))).status, path).toBe(401);
  }
  expect(await refusalOf(await world.fetch(`${SCAN}/ghost`, { headers }))).toEqual({
    status: 404,
    text: 'There is no such scan. Use the scanId that requesting it answered.',
  });
});

test('a private skill is scanned for its own namespace; to others it is not there', async () => {
  const { world, headers, other } = await worldWithSkill('?visibility=private');
  const id = await scan(world, headers, { slug: 'acme.pdf-tools' });
  expect(await status(world, headers, id)).toMatchObject({
    status: 'succeeded',
    artifact: { displayName: 'acme.pdf-tools' },
  });
  expect(await refusalOf(await request(world, other.headers, { slug: 'acme.pdf-tools' }))).toEqual({
    status: 404,
    text: 'Skill not found',
  });
});

test('what cannot be scanned', async () => {
  const { world, headers } = await worldWithSkill();
  expect(await refusalOf(await request(world, headers, { slug: 'ghost' }))).toEqual({
    status: 404,
    text: 'Skill not found',
  });
  expect(await refusalOf(await request(world, headers, { version: '9.9.9' }))).toEqual({
    status: 404,
    text: 'Version not found',
  });
  for (const source of [{ kind: 'upload' }, { slug: '' }, { version: '' }]) {
    expect((await refusalOf(await request(world, headers, source))).status).toBe(400);
  }
  await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers });
  expect((await refusalOf(await request(world, headers))).status).toBe(410);
  expect(world.queue).toEqual([]);
});
