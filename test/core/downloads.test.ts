import { beforeEach, describe, expect, test } from 'vitest';
import type { DownloadMark, JobMessage } from '../../src/core/deps.ts';
import { SWEEP_DOWNLOADS } from '../../src/core/downloads/sweep-downloads.ts';
import { FaultPlan, makeDatabaseFaulty, withFaultyPort } from '../support/faults.ts';
import { newNamespace, postJson, publish, tarGz, upload } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

const DAY_MS = 24 * 3_600_000;
const TODAY = Date.UTC(2026, 0, 1) / DAY_MS;

let world: World;
let versions: Record<string, string>;

beforeEach(async () => {
  ({ world, versions } = await worldWithVersions());
});

async function worldWithVersions() {
  const made = await createWorld();
  const acme = await newNamespace(made);
  await publish(made, acme.key);
  await publish(made, acme.key, { version: '1.1.0' });
  await publish(made, acme.key, { name: 'csv-tools' });
  const { rows } = await made.client.execute(
    "SELECT s.name || '@' || version AS of, v.id FROM versions v JOIN skills s ON s.id = skill_id",
  );
  return { world: made, versions: Object.fromEntries(rows.map((row) => [String(row.of), String(row.id)])), ...acme };
}

const mark = (of: string, client: string): DownloadMark => ({ versionId: versions[of] ?? of, client });

const message = (batchId: string, marks: DownloadMark[], day = TODAY): JobMessage => ({
  type: 'downloads',
  batchId,
  day,
  marks,
});

/** Every count that is kept, by skill and by day and version. */
async function counts(of: World = world) {
  const skills = await of.client.execute('SELECT name, downloads, trending FROM skills ORDER BY id');
  const days = await of.client.execute(
    `SELECT name || '@' || version AS of, day - ${TODAY} AS day, d.downloads FROM download_days d JOIN versions v ON v.id = version_id JOIN skills s ON s.id = d.skill_id ORDER BY day, of`,
  );
  return { skills: skills.rows, days: days.rows };
}

const three = () => [
  mark('pdf-tools@1.0.0', 'a'),
  mark('pdf-tools@1.0.0', 'b'),
  mark('pdf-tools@1.1.0', 'a'),
  mark('csv-tools@1.0.0', 'a'),
];

const COUNTED = {
  skills: [
    { name: 'pdf-tools', downloads: 3, trending: 3 },
    { name: 'csv-tools', downloads: 1, trending: 1 },
  ],
  days: [
    { of: 'csv-tools@1.0.0', day: 0, downloads: 1 },
    { of: 'pdf-tools@1.0.0', day: 0, downloads: 2 },
    { of: 'pdf-tools@1.1.0', day: 0, downloads: 1 },
  ],
};

describe('counting', () => {
  test('adds up by skill, and by version and day', async () => {
    await world.deliver(message('one', three()));
    expect(await counts()).toEqual(COUNTED);
  });

  test('a message that comes again, even at once, counts once', async () => {
    const once = message('one', three());
    await Promise.all([world.deliver(once), world.deliver(once), world.deliver(once)]);
    await world.deliver(once);
    await world.drain();
    expect(world.queue).toEqual([]);
    expect(await counts()).toEqual(COUNTED);
  });

  test('a client that stands twice in a message, or in another one too, counts once', async () => {
    await Promise.all([
      world.deliver(message('one', [...three(), ...three()])),
      world.deliver(message('two', three().slice(1))),
      world.deliver(message('three', three().slice(0, 2))),
    ]);
    expect(await counts()).toEqual(COUNTED);
  });

  test('later days add to it', async () => {
    await world.deliver(message('one', three()));
    world.advance(DAY_MS);
    await world.deliver(message('two', [mark('pdf-tools@1.0.0', 'a')], TODAY + 1));
    await world.deliver(message('late', [mark('csv-tools@1.0.0', 'b')], TODAY));
    expect((await counts()).skills).toEqual([
      { name: 'pdf-tools', downloads: 4, trending: 4 },
      { name: 'csv-tools', downloads: 2, trending: 2 },
    ]);
  });

  test.each([-2, 1])('a day that is %i days from today is refused, with a log line', async (days) => {
    await world.deliver(message('one', three(), TODAY + days));
    expect(world.queue).toEqual([]);
    expect(world.logs).toContainEqual({
      level: 'error',
      event: 'downloads.refused',
      fields: { id: 'one', day: TODAY + days, today: TODAY, marks: 4 },
    });
    expect((await counts()).days).toEqual([]);
    expect((await world.client.execute('SELECT * FROM download_marks')).rows).toEqual([]);
  });

  test('versions that are unknown or not published are passed over, yanked ones are not', async () => {
    const acme = await worldWithVersions();
    const other = await newNamespace(acme.world, 'other');
    await upload(acme.world, other.key, await tarGz({ name: 'zip-tools' }));
    await postJson(acme.world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, acme.headers);
    const { rows } = await acme.world.client.execute("SELECT id FROM versions WHERE state = 'pending'");
    const of = (name: string) => acme.versions[name] ?? '';
    const marks = ['ghost', String(rows[0]?.id), of('pdf-tools@1.0.0')].map((versionId) => ({
      versionId,
      client: 'a',
    }));
    await acme.world.deliver(message('one', marks));
    expect((await counts(acme.world)).days).toEqual([{ of: 'pdf-tools@1.0.0', day: 0, downloads: 1 }]);
    expect((await acme.world.client.execute('SELECT client FROM download_marks')).rows).toEqual([{ client: 'a' }]);
  });

  test('five hundred marks of one message', async () => {
    const clients = Array.from({ length: 500 }, (_, i) => mark('pdf-tools@1.0.0', `client ${i}`));
    await world.deliver(message('one', clients));
    expect((await counts()).skills[0]).toEqual({ name: 'pdf-tools', downloads: 500, trending: 500 });
  });

  test('no statement walks through a table', async () => {
    await world.deliver(message('zero', three()));
    const all = await statements(world, () => world.deliver(message('one', three())));
    expect(all).toHaveLength(5);
    expect((await Promise.all(all.map(scans))).flat()).toEqual([]);
  });
});

/** The tables that SQLite would read from one end to the other; what comes as JSON and what was grouped is none. */
async function scans(sql: string): Promise<string[]> {
  const args = Array.from(sql.matchAll(/\?/g), () => null);
  const plan = await world.client.libsql?.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
  if (!plan) throw new Error('plans are read below libSQL only');
  return plan.rows
    .map(({ detail }) => String(detail))
    .filter((detail) => /^SCAN (?!fresh$)/.test(detail) && !detail.includes('VIRTUAL TABLE'));
}

describe.each(['before', 'after'] as const)('a fault %s each call', (timing) => {
  /** Runs the action once for each call with a fault there, and once without; answers how many calls there are. */
  async function atEveryCall(run: (plan: FaultPlan) => Promise<void>): Promise<number> {
    for (let at = 0; ; at++) {
      ({ world, versions } = await worldWithVersions());
      const plan = new FaultPlan();
      plan.arm(at, timing);
      await run(plan);
      if (!plan.fired) return at;
    }
  }

  test('of the database while counting: counts are exact', async () => {
    const calls = await atEveryCall(async (plan) => {
      makeDatabaseFaulty(world.client.libsql, plan);
      await world.deliver(message('one', three()));
      plan.disarm();
      world.advance(61_000);
      await world.drain();
      await world.deliver(message('one', three()));
      expect(world.queue).toEqual([]);
      expect(await counts()).toEqual(COUNTED);
    });
    expect(calls).toBe(1);
  });

  test('of the queue while sending: counts are exact', async () => {
    const calls = await atEveryCall(async (plan) => {
      withFaultyPort(world.deps, 'queue', plan);
      for (const { versionId, client } of three()) world.deps.downloads.note(versionId, client);
      await world.deps.downloads.flush();
      plan.disarm();
      await world.count();
      expect(await counts()).toEqual(COUNTED);
    });
    expect(calls).toBe(1);
  });

  test('of the database while sweeping: the next sweep does the rest', async () => {
    const calls = await atEveryCall(async (plan) => {
      await world.deliver(message('one', three()));
      world.advance(7 * DAY_MS);
      makeDatabaseFaulty(world.client.libsql, plan);
      await world.sweep();
      plan.disarm();
      await world.sweep();
      await world.sweep();
      expect((await counts()).skills).toEqual(COUNTED.skills.map((skill) => ({ ...skill, trending: 0 })));
      expect((await world.client.execute('SELECT * FROM download_marks')).rows).toEqual([]);
    });
    expect(calls).toBeGreaterThan(4);
  });
});

describe('sweeping', () => {
  const left = async () =>
    (await world.client.execute(`SELECT day - ${TODAY} AS day, count(*) AS n FROM download_marks GROUP BY 1`)).rows;

  test('marks go after two days, but for one a day, which goes with the week', async () => {
    await world.deliver(message('one', three()));
    world.advance(DAY_MS);
    await world.deliver(message('two', three(), TODAY + 1));
    world.advance(DAY_MS);
    await world.sweep();
    expect(await left()).toEqual([
      { day: 0, n: 4 },
      { day: 1, n: 4 },
    ]);
    world.advance(DAY_MS);
    await world.sweep();
    expect(await left()).toEqual([
      { day: 0, n: 1 },
      { day: 1, n: 4 },
    ]);
    world.advance(4 * DAY_MS);
    await world.sweep();
    expect(await left()).toEqual([{ day: 1, n: 1 }]);
    expect((await counts()).skills).toMatchObject([{ trending: 3 }, { trending: 1 }]);
    world.advance(DAY_MS);
    await world.sweep();
    expect(await left()).toEqual([]);
    expect((await counts()).skills).toEqual([
      { name: 'pdf-tools', downloads: 6, trending: 0 },
      { name: 'csv-tools', downloads: 2, trending: 0 },
    ]);
    expect((await counts()).days).toHaveLength(6);
  });

  test('a run does a bounded part, and the next ones go on', async () => {
    const id = versions['csv-tools@1.0.0'];
    const many = SWEEP_DOWNLOADS.skills + 50;
    const marks = SWEEP_DOWNLOADS.marks + 500;
    const upTo = (n: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})`;
    for (const sql of [
      `${upTo(many)} INSERT INTO skills (namespace, name, visibility, trending, created_at, updated_at) SELECT 'acme', 'skill-' || i, 'public', 1, 0, 0 FROM n`,
      `INSERT INTO download_days SELECT id, ${TODAY}, '${id}', 1 FROM skills WHERE trending = 1`,
      `${upTo(marks)} INSERT INTO download_marks SELECT ${TODAY}, '${id}', 'client ' || i, 'one', 1 FROM n`,
    ]) {
      await world.client.execute(sql);
    }
    world.advance(8 * DAY_MS);
    const progress = async () => {
      await world.sweep();
      const { rows } = await world.client.execute(
        'SELECT (SELECT count(*) FROM skills WHERE trending > 0) AS trending, (SELECT count(*) FROM download_marks) AS marks',
      );
      return rows[0];
    };
    expect(await progress()).toEqual({ trending: 50, marks: 500 });
    expect(await progress()).toEqual({ trending: 0, marks: 0 });
  });

  test('a sweep that has nothing to do reads by index, and little', async () => {
    await world.deliver(message('one', three()));
    world.advance(3 * DAY_MS);
    await world.sweep();
    const all = await statements(world, () => world.sweep());
    const own = all.filter((sql) => sql.includes('download_'));
    expect(own).toHaveLength(2);
    expect((await Promise.all(own.map(scans))).flat()).toEqual([]);
  });

  test('it flushes what was noted', async () => {
    for (const { versionId, client } of three()) world.deps.downloads.note(versionId, client);
    await world.sweep();
    await world.drain();
    expect(await counts()).toEqual(COUNTED);
  });
});
