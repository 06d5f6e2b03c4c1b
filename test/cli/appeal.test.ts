import { beforeEach, describe, expect, it } from 'vitest';
import { MALICIOUS } from '../support/harmful.ts';
import { moderate } from '../support/moderation.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { type HubSession, hubSession } from './hub.ts';

let world: World;
let key: string;
let session: HubSession;

beforeEach(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world, 'acme'));
  session = await asOwner();
});

const asOwner = (options: Parameters<typeof hubSession>[0] = {}) =>
  hubSession({ world, env: { SKILLS_TOKEN: key }, ...options });
const held = async () => (await publish(world, key, MALICIOUS)).id;
const hide = () => moderate(world, 'skills/acme/pdf-tools/hide', { reason: 'It sends keys away.' });
const texts = async () =>
  (await world.client.execute('select text from appeals order by id')).rows.map(({ text }) => text);

describe('skills appeal', () => {
  it('appeals against a version that was held, by its job', async () => {
    const job = await held();
    const { code, document } = await session.json('appeal', job, '--message', ' It teaches about attacks. ');
    expect([code, document]).toEqual([0, { id: expect.any(String), state: 'open', subject: job }]);
    expect(await texts()).toEqual(['It teaches about attacks.']);
  });

  it('appeals against the hiding of a skill, and says what comes next', async () => {
    await publish(world, key);
    await hide();
    const { code, stdout } = await session.run('appeal', '@acme/pdf-tools', '-m', 'They are test keys.');
    const { rows } = await world.client.execute('select id from appeals');
    expect([code, stdout]).toEqual([
      0,
      `Appeal ${rows[0]?.id} is open: a person will look at @acme/pdf-tools. The answer is mailed; see: skills appeal --list\n`,
    ]);
  });

  it('reads the text from stdin, or asks for it on a terminal', async () => {
    const job = await held();
    const piped = await asOwner({ input: ['First line.\n', 'Second line.\n'] });
    expect((await piped.run('appeal', job, '--message', '-')).code).toBe(0);
    // Two appeals of one millisecond have no order.
    world.advance(1000);
    await publish(world, key, { name: 'csv-summary' });
    await moderate(world, 'skills/acme/csv-summary/hide', { reason: 'Spam.' });
    const terminal = { stdin: true, stdout: true, stderr: true };
    const asked = await (await asOwner({ input: ['It is no spam.\n'], terminal })).run('appeal', '@acme/csv-summary');
    expect([asked.code, asked.stderr]).toEqual([0, 'Why is the decision wrong: ']);
    expect(await texts()).toEqual(['First line.\nSecond line.', 'It is no spam.']);
  });

  it.each<[string, string[], string]>([
    ['no subject', [], 'What is the appeal about?'],
    ['a version', ['@acme/pdf-tools@1.0.0', '-m', 'x'], 'is neither a job nor a skill'],
    ['a bare name with a slash', ['acme/pdf-tools@latest', '-m', 'x'], 'is neither a job nor a skill'],
    ['an empty text', ['@acme/pdf-tools', '-m', ' '], 'The message is empty'],
    ['no text and nobody to ask', ['@acme/pdf-tools'], 'no terminal to ask on'],
    ['a list of one', ['@acme/pdf-tools', '--list'], 'shows all appeals'],
  ])('%s is wrong usage, and nothing is sent', async (_what, args, message) => {
    const { code, stderr } = await session.run('appeal', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(session.sent).toEqual([]);
  });

  it('says what the registry says: nothing to appeal, one is open, no key', async () => {
    const { id } = await publish(world, key);
    expect(await session.json('appeal', id, '-m', 'x')).toMatchObject({
      code: 1,
      document: { error: { code: 'state_conflict', message: expect.stringContaining('its job is pass') } },
    });
    await hide();
    expect((await session.run('appeal', '@acme/pdf-tools', '-m', 'x')).code).toBe(0);
    expect((await session.run('appeal', '@acme/pdf-tools', '-m', 'x')).stderr).toContain('is open already');
    const stranger = await hubSession({ world });
    expect((await stranger.run('appeal', '@acme/pdf-tools', '-m', 'x')).code).toBe(4);
  });
});

describe('skills appeal --list', () => {
  it('shows the appeals with their answers, page by page', async () => {
    expect((await session.run('appeal', '--list')).stdout).toBe('You have made no appeals.\n');
    const job = await held();
    await session.run('appeal', job, '-m', 'It teaches\nabout attacks.');
    const { rows } = await world.client.execute('select id from appeals');
    await moderate(world, `appeals/${rows[0]?.id}/deny`, { answer: 'It does not.' });
    const { code, stdout } = await session.run('appeal', '--list');
    expect([code, stdout]).toEqual([
      0,
      `${rows[0]?.id}  @acme/pdf-tools@1.0.0  denied  2026-01-01T00:00:00.000Z\n  appeal: It teaches about attacks.\n  answer: It does not.\n`,
    ]);
    const { document } = await session.json('appeal', '--list');
    expect(document).toMatchObject({ appeals: [{ id: rows[0]?.id, job_id: job, state: 'denied' }], next: null });
    expect((await session.json('appeal', '--list', '--after', String(rows[0]?.id))).document).toEqual({
      appeals: [],
      next: null,
    });
  });
});
