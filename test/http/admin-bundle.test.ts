import { expect, test } from 'vitest';
import { MALICIOUS } from '../support/harmful.ts';
import { auditOf, moderate, OPERATOR, worldWithHeld } from '../support/moderation.ts';
import { problemOf, publish, tarGz } from '../support/skills.ts';
import type { World } from '../support/world.ts';

const bundle = (world: World, id: string, headers: Record<string, string> = OPERATOR) =>
  world.fetch(`/v1/admin/jobs/${id}/bundle`, { headers });

test('moderators get the bytes of a held version as they were uploaded, to save and never to show', async () => {
  const { world, id, warden } = await worldWithHeld();
  const response = await bundle(world, id, warden.headers);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment; filename="acme-pdf-tools-1.0.0.skill"',
    'x-content-type-options': 'nosniff',
  });
  const uploaded = await tarGz(MALICIOUS);
  expect(response.headers.get('content-length')).toBe(String(uploaded.length));
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(uploaded);
});

test('who had them is written down; who may not have them leaves no trace', async () => {
  const { world, id, headers, warden } = await worldWithHeld();
  const before = (await auditOf(world)).length;
  expect((await bundle(world, id, headers)).status).toBe(403);
  expect((await bundle(world, id, {})).status).toBe(401);
  expect(await auditOf(world)).toHaveLength(before);
  await bundle(world, id);
  await bundle(world, id, warden.headers);
  const act = { act: 'version.inspect', subject: '@acme/pdf-tools@1.0.0' };
  expect((await auditOf(world)).slice(before)).toEqual([
    { ...act, actor: 'operator' },
    { ...act, actor: 'warden' },
  ]);
});

test('without its line in the audit log nothing is given out', async () => {
  const { world, id } = await worldWithHeld();
  await world.client.execute('drop table audit_events');
  expect((await bundle(world, id)).status).toBe(500);
});

test('a rejected version can be looked at as well; what is in no quarantine cannot', async () => {
  const { world, key, id } = await worldWithHeld();
  await moderate(world, `jobs/${id}/reject`, { reason: 'It steals keys.' });
  expect((await bundle(world, id)).status).toBe(200);
  const { id: published } = await publish(world, key);
  expect(await problemOf(await bundle(world, published))).toMatchObject({
    status: 404,
    detail: expect.stringContaining('The quarantine holds no files of @acme/pdf-tools@1.0.0.'),
  });
  expect((await bundle(world, 'unknown')).status).toBe(404);
});
