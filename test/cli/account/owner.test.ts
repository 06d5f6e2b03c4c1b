import { beforeEach, describe, expect, it } from 'vitest';
import { bearer, getJson, newNamespace, postJson, publish } from '../../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../../support/world.ts';
import { type HubSession, hubSession, REGISTRY } from '../hub.ts';

const SKILL = '@acme/pdf-tools';
const UNTIL = '2026-01-08T00:00:00.000Z';

let world: World;
let acmeKey: string;
let acme: HubSession;
let umbrella: HubSession;

beforeEach(async () => {
  world = await createWorld();
  ({ key: acmeKey } = await newNamespace(world));
  const { key } = await newNamespace(world, 'umbrella');
  await publish(world, acmeKey);
  acme = await sessionOf(acmeKey);
  umbrella = await sessionOf(key);
});

const sessionOf = (key: string) => hubSession({ world, env: { SKILLS_TOKEN: key } });
const ownerOf = async () =>
  (await getJson<{ namespace: string }>(world, '/v1/packages/acme/pdf-tools/latest')).namespace;

async function said(session: HubSession, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await session.run('owner', ...argv);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

describe('a skill that is given away', () => {
  it('is offered, listed on both sides, and accepted', async () => {
    expect(await said(acme, 'transfer', SKILL, '--to', '@umbrella', '--message', 'As agreed.')).toBe(
      `Offered ${SKILL} to umbrella, until ${UNTIL}.\nThere: skills owner accept ${SKILL}\n`,
    );
    expect(await said(acme, 'list')).toBe(
      `acme\n${SKILL} is offered to umbrella until ${UNTIL}: As agreed.\n  skills owner cancel ${SKILL}\n`,
    );
    expect(await said(umbrella, 'list')).toBe(
      `umbrella\n${SKILL} is offered from acme to umbrella until ${UNTIL}: As agreed.\n  skills owner accept ${SKILL}\n`,
    );
    expect(await ownerOf()).toBe('acme');
    expect(await said(umbrella, 'accept', SKILL)).toBe('The skill is @umbrella/pdf-tools now.\n');
    expect(await ownerOf()).toBe('umbrella');
    expect(await said(acme, 'list', SKILL)).toBe('@umbrella/pdf-tools belongs to umbrella.\n');
    expect(await said(umbrella, 'list')).toBe('umbrella\n');
  });

  it('is declined, or the offer is taken back', async () => {
    await said(acme, 'transfer', SKILL, '--to', 'umbrella');
    expect(await said(umbrella, 'decline', SKILL)).toBe(`Declined; the skill stays ${SKILL}.\n`);
    await said(acme, 'transfer', SKILL, '--to', 'umbrella');
    expect(await said(acme, 'cancel', SKILL)).toBe(`Took the offer back; the skill stays ${SKILL}.\n`);
    expect(await umbrella.json('owner', 'accept', SKILL)).toMatchObject({
      code: 1,
      document: { error: { code: 'not_found', message: "There is no pending transfer of 'pdf-tools' to you." } },
    });
    expect(await ownerOf()).toBe('acme');
  });

  it('moves at once to a namespace of its own owner', async () => {
    await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, bearer(acmeKey));
    expect(await said(acme, 'list')).toBe('acme\nacme-labs\n');
    expect(await said(acme, 'transfer', SKILL, '--to', 'acme-labs')).toBe('The skill is @acme-labs/pdf-tools now.\n');
  });
});

it('answers with JSON', async () => {
  const offer = { id: expect.stringMatching(/^\w{26}$/), namespace: 'acme', name: 'pdf-tools', to: 'umbrella' };
  expect(await acme.json('owner', 'transfer', SKILL, '--to', 'umbrella')).toEqual({
    code: 0,
    document: { registry: REGISTRY, ...offer, transferred: false, expires_at: UNTIL },
    stderr: '',
  });
  const requested_at = '2026-01-01T00:00:00.000Z';
  const pending = { ...offer, from: 'acme', message: '', requested_at, expires_at: UNTIL };
  expect((await umbrella.json('owner', 'list')).document).toEqual({
    registry: REGISTRY,
    namespaces: ['umbrella'],
    incoming: [pending],
    outgoing: [],
  });
  const operator = await sessionOf(OPERATOR_KEY);
  expect((await operator.json('owner', 'list')).document).toMatchObject({ namespaces: [], incoming: [pending] });
  expect((await operator.run('owner', 'list')).stdout.match(/is offered/g)).toHaveLength(1);
  expect((await umbrella.json('owner', 'accept', SKILL)).document).toEqual({
    registry: REGISTRY,
    namespace: 'umbrella',
    name: 'pdf-tools',
    answer: 'accept',
  });
  expect((await acme.json('owner', 'list', SKILL)).document).toEqual({
    registry: REGISTRY,
    namespace: 'umbrella',
    name: 'pdf-tools',
    owner: 'umbrella',
  });
});

it.each([
  [['transfer', SKILL], 'To whom?'],
  [['transfer', SKILL, '--to', 'Umbrella'], /^namespace 'Umbrella' may only hold/],
  [['transfer', 'pdf-tools', '--to', 'umbrella'], "'pdf-tools' does not name a skill."],
  [['transfer', `${SKILL}@1.0.0`, '--to', 'umbrella'], `'${SKILL}@1.0.0' does not name a skill.`],
  [['accept'], 'Not enough positional arguments.'],
  [['list', 'pdf-tools'], "'pdf-tools' does not name a skill."],
  [['add', SKILL, 'umbrella'], "There is no command 'owner add'."],
])('owner %j is wrong usage', async (argv, message) => {
  const { code, document } = await acme.json('owner', ...argv);
  expect([code, document]).toEqual([
    2,
    {
      error: {
        code: 'usage',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        fix: expect.any(String),
      },
    },
  ]);
  expect(acme.sent).toEqual([]);
});

it('ends with 4 for who may not, with 1 for what cannot be', async () => {
  expect(await umbrella.json('owner', 'transfer', SKILL, '--to', 'umbrella')).toMatchObject({
    code: 4,
    document: { error: { code: 'forbidden' } },
  });
  expect(await acme.json('owner', 'transfer', SKILL, '--to', 'nobody-here')).toMatchObject({
    code: 1,
    document: { error: { code: 'not_found', message: "There is no namespace 'nobody-here'." } },
  });
  const nobody = await hubSession({ world });
  expect(await nobody.json('owner', 'list')).toMatchObject({ code: 4, document: { error: { code: 'unauthorized' } } });
});
