import { describe, expect, test } from 'vitest';
import { FaultPlan, makeDatabaseFaulty, withFaultyPort } from '../support/faults.ts';
import { loggedEntries } from '../support/log.ts';
import { moderate } from '../support/moderation.ts';
import { settle } from '../support/settle.ts';
import { newNamespace, postJson, publish, tarGz, upload } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

/** The entries about the version, which have to say what the versions' table says. */
async function versionEvents(world: World): Promise<string[]> {
  const events = (await loggedEntries(world)).flatMap((entry) =>
    entry && ('version' in entry || 'commitment' in entry) ? [entry.event] : [],
  );
  const { rows } = await world.client.execute('select state from versions');
  const last = events.at(-1);
  const state = last === 'yank' ? 'yanked' : 'published';
  expect(rows.map((row) => row.state)).toEqual([last === undefined ? 'pending' : state]);
  return events;
}

describe.each(['before', 'after'] as const)('a fault %s each call', (timing) => {
  test.each(['public', 'private'])('while a %s version is published leaves one entry', async (visibility) => {
    for (let [at, fired] = [0, true]; fired; at++) {
      const world = await createWorld();
      const plan = new FaultPlan();
      const { key } = await newNamespace(world);
      expect((await upload(world, key, await tarGz(), `?visibility=${visibility}`)).status).toBe(202);
      if (visibility === 'public') makeDatabaseFaulty(world.client.libsql, plan);
      else withFaultyPort(world.deps, 'bundles', plan);
      plan.arm(at, timing);
      await world.drain();
      fired = plan.fired;
      plan.disarm();
      await settle(world, 6);
      expect(await versionEvents(world)).toEqual(['publish']);
    }
  });

  test('while it is yanked leaves an entry exactly when it was', async () => {
    for (let [at, fired] = [0, true]; fired; at++) {
      const world = await createWorld();
      const plan = new FaultPlan();
      const { key, headers } = await newNamespace(world);
      await publish(world, key);
      makeDatabaseFaulty(world.client.libsql, plan);
      plan.arm(at, timing);
      const answer = await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
      fired = plan.fired;
      plan.disarm();
      expect(answer.ok).toBe(!fired);
      const events = await versionEvents(world);
      expect(new Set(events).size).toBe(events.length);
      if (!fired) expect(events).toEqual(['publish', 'yank']);
    }
  });

  test.each(['public', 'private'])(
    'while a %s skill is hidden leaves an entry exactly when it was',
    async (visibility) => {
      for (let [at, fired] = [0, true]; fired; at++) {
        const world = await createWorld();
        const plan = new FaultPlan();
        const { key } = await newNamespace(world);
        await publish(world, key, {}, `?visibility=${visibility}`);
        if (visibility === 'public') makeDatabaseFaulty(world.client.libsql, plan);
        else withFaultyPort(world.deps, 'bundles', plan);
        plan.arm(at, timing);
        const answer = await moderate(world, 'skills/acme/pdf-tools/hide', { reason: 'Spam.' });
        fired = plan.fired;
        plan.disarm();
        const { rows } = await world.client.execute('select hidden_at is not null as hidden from skills');
        const entries = (await loggedEntries(world)).filter((entry) => entry?.event === 'hide');
        expect(rows).toEqual([{ hidden: entries.length }]);
        if (!fired) expect([answer.status, entries.length]).toEqual([200, 1]);
      }
    },
  );

  test('while a version is examined again leaves one entry about its verdict', async () => {
    for (let [at, fired] = [0, true]; fired; at++) {
      const world = await createWorld();
      const plan = new FaultPlan();
      const { key } = await newNamespace(world);
      await publish(world, key);
      await world.client.execute("update versions set verdict = 'malicious', engine_version = 'old'");
      await moderate(world, 'rescans', {});
      makeDatabaseFaulty(world.client.libsql, plan);
      plan.arm(at, timing);
      await world.drain();
      fired = plan.fired;
      plan.disarm();
      await settle(world, 6);
      expect(await versionEvents(world)).toEqual(['publish', 'verdict']);
    }
  });
});

test('a publish costs the same statements in a long log as in a short one', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const cost = async (version: string) => (await statements(world, () => publish(world, key, { version }))).length;
  await cost('1.0.0');
  const early = await cost('1.1.0');
  for (let minor = 2; minor < 12; minor++) await cost(`1.${minor}.0`);
  expect(await cost('2.0.0')).toBe(early);
});
