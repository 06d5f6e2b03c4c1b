import { beforeEach, expect, it } from 'vitest';
import { newNamespace, publish } from '../../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../../support/world.ts';
import { hubSession, REGISTRY } from '../hub.ts';

const SKILL = '@acme/pdf-tools';

let world: World;
let acme: string;
let fan: string;

beforeEach(async () => {
  world = await createWorld();
  ({ key: acme } = await newNamespace(world));
  ({ key: fan } = await newNamespace(world, 'umbrella'));
  await publish(world, acme);
});

const sessionOf = (key: string) => hubSession({ world, env: { SKILLS_TOKEN: key } });

it('stars a skill once, and takes the star back once', async () => {
  const session = await sessionOf(fan);
  const said = async (...argv: string[]) => {
    const { code, stdout, stderr } = await session.run(...argv);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };
  expect(await said('star', SKILL)).toBe(`Starred ${SKILL}\n`);
  expect(await said('star', 'pdf-tools')).toBe(`${SKILL} was starred before; nothing changed.\n`);
  expect(await said('star', '--list')).toBe(`${SKILL}  1.0.0\n`);
  expect(await said('unstar', SKILL)).toBe(`${SKILL} has no star of yours any more.\n`);
  expect(await said('unstar', SKILL)).toBe(`${SKILL} had no star of yours; nothing changed.\n`);
  expect(await said('star', '--list')).toBe(`Your namespace has starred nothing on ${REGISTRY}.\n`);
});

it('answers with JSON', async () => {
  const session = await sessionOf(fan);
  const done = { registry: REGISTRY, namespace: 'acme', name: 'pdf-tools' };
  expect(await session.json('star', SKILL)).toEqual({
    code: 0,
    document: { ...done, starred: true, changed: true },
    stderr: '',
  });
  expect(await session.json('star', '--list')).toEqual({
    code: 0,
    document: {
      registry: REGISTRY,
      stars: [
        {
          namespace: 'acme',
          name: 'pdf-tools',
          description: expect.any(String),
          visibility: 'public',
          latest_version: '1.0.0',
          starred_at: '2026-01-01T00:00:00.000Z',
        },
      ],
    },
    stderr: '',
  });
  expect((await session.json('unstar', SKILL)).document).toEqual({ ...done, starred: false, changed: true });
});

it('lists more than a page, and what is deprecated', async () => {
  const session = await sessionOf(fan);
  await world.client.execute(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
     INSERT INTO skills (namespace, name, visibility, latest_version_id, created_at, updated_at)
     SELECT 'acme', 'tool-' || i, 'public', (SELECT id FROM versions), 0, 0 FROM n`,
  );
  await world.client.execute(
    `INSERT INTO stars (skill_id, namespace, created_at) SELECT id, 'umbrella', id FROM skills`,
  );
  await world.client.execute(`UPDATE skills SET deprecation = 'Use another.' WHERE name = 'tool-7'`);
  const { stdout } = await session.run('star', '--list');
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(251);
  expect(lines[0]).toMatch(/^@acme\/tool-250 +1\.0\.0$/);
  expect(lines.filter((line) => line.includes('deprecated'))).toEqual([
    expect.stringMatching(/^@acme\/tool-7 +1\.0\.0 {2}deprecated: Use another\.$/),
  ]);
});

it.each([
  [['star'], 'Which skill?'],
  [['unstar'], 'Which skill?'],
  [['star', '@acme/pdf-tools@1.0.0'], "'@acme/pdf-tools@1.0.0' names a version."],
  [['star', '--list', SKILL], '--list goes with nothing else.'],
  [['unstar', '--list'], '--list goes with nothing else.'],
])('%j is wrong usage', async (argv, message) => {
  const session = await sessionOf(fan);
  expect(await session.json(...argv)).toMatchObject({ code: 2, document: { error: { code: 'usage', message } } });
  expect(session.sent).toEqual([]);
});

it('ends with 1 for a skill that is not there, with 4 for who cannot star', async () => {
  const session = await sessionOf(fan);
  expect(await session.json('star', '@acme/ghost')).toMatchObject({
    code: 1,
    document: { error: { code: 'not_found' } },
  });
  const operator = await sessionOf(OPERATOR_KEY);
  expect(await operator.json('star', SKILL)).toMatchObject({ code: 4, document: { error: { code: 'forbidden' } } });
  const nobody = await hubSession({ world });
  expect(await nobody.json('star', '--list')).toMatchObject({
    code: 4,
    document: { error: { code: 'unauthorized' } },
  });
});
