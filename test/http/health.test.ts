import { expect, test } from 'vitest';
import { newNamespace, tarGz, upload } from '../support/skills.ts';
import { unplugDatabase } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

async function health(world: World) {
  const response = await world.fetch('/v1/health');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return { http: response.status, ...(await response.json<Record<string, string>>()) };
}

const OK = { http: 200, status: 'ok', database: 'ok', bundles: 'ok', queue: 'ok' };

test('a hub that works is ok', async () => {
  expect(await health(await createWorld())).toEqual(OK);
});

test('a bucket that does not answer fails the hub', async () => {
  const world = await createWorld();
  world.bundles.has = () => Promise.reject(new Error('no route to the bucket'));
  expect(await health(world)).toEqual({ ...OK, http: 503, status: 'failing', bundles: 'failing' });
});

test('a database that does not answer fails the hub, and the queue is unknown', async () => {
  const world = await createWorld();
  unplugDatabase(world);
  expect(await health(world)).toEqual({
    ...OK,
    http: 503,
    status: 'failing',
    database: 'failing',
    queue: 'unknown',
  });
});

test('jobs that nobody works on degrade the hub, until they are done', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await upload(world, key, await tarGz());
  world.advance(120_000);
  expect(await health(world)).toEqual(OK);
  world.advance(1);
  const degraded = { ...OK, status: 'degraded', queue: 'late' };
  expect(await health(world)).toEqual(degraded);
  await world.drain();
  expect(await health(world)).toEqual(OK);
});

test('sending jobs again does not hide that nobody works on them', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await upload(world, key, await tarGz());
  for (let minute = 0; minute < 5; minute++) {
    world.advance(60_000);
    await world.sweep();
  }
  expect(world.queue.length).toBeGreaterThan(1);
  expect(await health(world)).toMatchObject({ status: 'degraded', queue: 'late' });
});

test('/healthz only says that the Worker runs', async () => {
  const world = await createWorld();
  unplugDatabase(world);
  const response = await world.fetch('/healthz');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});
