import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_ACTS } from '../../cli/admin-acts.ts';
import { DECISIONS } from '../../cli/admin-decisions.ts';
import { MALICIOUS } from '../support/harmful.ts';
import { newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';
import { type HubSession, hubSession } from './hub.ts';

let world: World;
let key: string;
let headers: Record<string, string>;
let operator: HubSession;
let held: string;

beforeEach(async () => {
  world = await createWorld();
  ({ key, headers } = await newNamespace(world));
  held = (await publish(world, key, MALICIOUS)).id;
  operator = await hubSession({ world, env: { SKILLS_TOKEN: OPERATOR_KEY } });
});

const because = ['--reason', 'I have looked.'];
const shown = async (path = '/v1/packages/acme/pdf-tools/1.0.0') => (await world.fetch(path)).status === 200;

describe('skills admin', () => {
  it('lists what waits, and lets it through', async () => {
    const listed = await operator.run('admin', 'queue');
    expect(listed.code).toBe(0);
    expect(listed.stdout).toContain(`job  ${held}  @acme/pdf-tools@1.0.0  malicious  fetch-and-run.pipe-to-shell`);
    expect(await operator.run('admin', 'approve', held, ...because)).toEqual({
      code: 0,
      stdout: 'Approved: @acme/pdf-tools@1.0.0.\n',
      stderr: '',
    });
    await world.drain();
    expect(await shown()).toBe(true);
    expect((await operator.run('admin', 'queue')).stdout).toBe('Nothing waits.\n');
    expect((await operator.run('admin', 'approve', held, ...because)).stdout).toBe(
      'Approved before: @acme/pdf-tools@1.0.0; nothing changed.\n',
    );
  });

  it('cuts what it shows between words, and says that there is more', async () => {
    const { items } = (await operator.json('admin', 'queue')).document as { items: { rules: string[] }[] };
    const all = (items[0]?.rules ?? []).join(', ');
    expect(all.length).toBeGreaterThan(80);
    const [shown = ''] = (await operator.run('admin', 'queue')).stdout.split('\n');
    const words = shown.slice(shown.indexOf('malicious') + 'malicious'.length).trim();
    expect(words).toMatch(/[^,] …$/);
    expect(words.length).toBeLessThanOrEqual(80);
    for (const rule of words.slice(0, -2).split(', ')) expect(items[0]?.rules).toContain(rule);
  });

  it('names all its acts, and knows each', async () => {
    for (const act of Object.keys(DECISIONS)) expect(ADMIN_ACTS).toContain(act);
    const acts = ADMIN_ACTS.filter((act) => !Object.hasOwn(DECISIONS, act));
    const refused = 'is nothing that a moderator does';
    for (const act of acts) expect((await operator.run('admin', act)).stderr).not.toContain(refused);
    expect(await operator.run('admin', 'dance')).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: 'dance' ${refused}.\nfix: Use ${ADMIN_ACTS.join(', ')}.\n`,
    });
  });

  it('rejects what waits', async () => {
    expect((await operator.json('admin', 'reject', held, ...because)).document).toEqual({
      namespace: 'acme',
      name: 'pdf-tools',
      version: '1.0.0',
      changed: true,
    });
  });

  it('hides and shows a skill', async () => {
    await publish(world, key, { name: 'word-tools' });
    const path = '/v1/packages/acme/word-tools/1.0.0';
    expect((await operator.run('admin', 'hide', '@acme/word-tools', ...because)).stdout).toBe(
      'Hidden: @acme/word-tools.\n',
    );
    expect(await shown(path)).toBe(false);
    expect((await operator.run('admin', 'show', '@acme/word-tools', ...because)).stdout).toBe(
      'Shown again: @acme/word-tools.\n',
    );
    expect(await shown(path)).toBe(true);
  });

  it('bans a namespace with all its skills, and ends that', async () => {
    await publish(world, key, { name: 'word-tools' });
    await world.client.execute(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 150)
       insert into skills (namespace, name, visibility, created_at, updated_at) select 'acme', 'more-' || i, 'public', 0, 0 from n`,
    );
    expect((await operator.run('admin', 'ban', 'acme', '--hide', ...because)).stdout).toBe(
      'Banned: the namespace acme. 152 skills were hidden.\n',
    );
    expect((await operator.json('admin', 'unban', 'acme', ...because)).document).toEqual({
      namespace: 'acme',
      changed: true,
    });
  });

  it('makes a namespace a moderator, who can then do all but that', async () => {
    const warden = await newNamespace(world, 'warden');
    const moderator = await hubSession({ world, env: { SKILLS_TOKEN: warden.key } });
    expect(await moderator.json('admin', 'queue')).toMatchObject({
      code: 4,
      document: { error: { code: 'forbidden' } },
    });
    expect((await operator.run('admin', 'moderator', 'warden')).stdout).toBe('warden moderates this registry now.\n');
    expect((await moderator.run('admin', 'reject', held, ...because)).code).toBe(0);
    expect(await moderator.json('admin', 'moderator', 'acme')).toMatchObject({ code: 4 });
    expect((await operator.json('admin', 'moderator', 'warden', '--remove')).document).toEqual({
      namespace: 'warden',
      moderator: false,
    });
    expect(await moderator.json('admin', 'queue')).toMatchObject({ code: 4 });
  });

  it('answers appeals', async () => {
    await postJson(world, `/v1/jobs/${held}/appeal`, { text: 'It is a course.' }, headers);
    const [appeal] = (await world.client.execute('select id from appeals')).rows;
    const id = String(appeal?.id);
    expect((await operator.run('admin', 'appeals')).stdout).toContain(`appeal  ${id}  @acme/pdf-tools@1.0.0  acme`);
    expect((await operator.run('admin', 'deny', id, ...because)).stdout).toBe(`Denied: the appeal ${id}.\n`);
    expect(await operator.json('admin', 'grant', id, ...because)).toMatchObject({
      code: 1,
      document: { error: { code: 'state_conflict' } },
    });
  });

  it('ends reports', async () => {
    await publish(world, key, { name: 'word-tools' });
    const other = await newNamespace(world, 'other');
    const response = await postJson(world, '/api/v1/skills/word-tools/report', { reason: 'Rude.' }, other.headers);
    const { reportId } = await response.json<{ reportId: string }>();
    expect((await operator.run('admin', 'reports')).stdout).toContain(
      `report  ${reportId}  @acme/word-tools  other  Rude.`,
    );
    expect((await operator.run('admin', 'dismiss', reportId, ...because)).stdout).toBe(
      'Dismissed the report about @acme/word-tools; 0 of it count.\n',
    );
  });

  it('saves what was held to a file that only its owner reads, and over no other file', async () => {
    const uploaded = world.bundles.objects.get(`quarantine/${held}`)?.bytes;
    const sha256 = createHash('sha256')
      .update(uploaded ?? '')
      .digest('hex');
    const file = join(operator.cwd, `${held}.skill`);
    expect(await operator.run('admin', 'download', held)).toEqual({
      code: 0,
      stdout: `Saved ${file}: ${uploaded?.length} bytes, sha256 ${sha256}.\n`,
      stderr: expect.stringContaining('run nothing'),
    });
    expect(readFileSync(file)).toEqual(Buffer.from(uploaded ?? []));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await operator.json('admin', 'download', held)).document).toMatchObject({
      error: { code: 'usage', message: `${file} is there already.` },
    });
    const { document } = await operator.json('admin', 'download', held, '--out', 'held.bin');
    expect(document).toEqual({ job: held, file: join(operator.cwd, 'held.bin'), size: uploaded?.length, sha256 });
    expect(await operator.json('admin', 'download', held, '--out', 'no/such/folder')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_written', message: expect.stringContaining('(ENOENT)') } },
    });
    const owner = await hubSession({ world, env: { SKILLS_TOKEN: key } });
    expect(await owner.json('admin', 'download', held)).toMatchObject({ code: 4 });
  });

  it('starts a rescan and follows it', async () => {
    expect((await operator.json('admin', 'rescan')).document).toMatchObject({ state: 'running', queued: 0 });
    const [rescan] = (await world.client.execute('select id from rescans')).rows;
    const id = String(rescan?.id);
    await world.drain();
    expect((await operator.run('admin', 'rescan', id)).stdout).toMatch(
      new RegExp(`^Rescan ${id} with rules \\S+: done, 0 versions so far\\.\n$`),
    );
  });

  it('reads the log, page by page and by subject', async () => {
    await operator.run('admin', 'reject', held, ...because);
    await operator.run('admin', 'ban', 'acme', ...because);
    const all = await operator.run('admin', 'audit');
    expect(all.stdout).toMatch(/operator {2}version\.reject {2}@acme\/pdf-tools@1\.0\.0/);
    const one = await operator.run('admin', 'audit', 'namespace:acme');
    expect(one.stdout).toMatch(/^\S+ {2}operator {2}namespace\.ban {2}namespace:acme {2}reason: I have looked\.\n$/);
    expect((await operator.run('admin', 'audit', 'namespace:other')).stdout).toBe('Nothing is in the log.\n');
  });

  it.each([
    [['sing'], "'sing' is nothing that a moderator does."],
    [['approve', ...because], "What is 'approve' about?"],
    [['approve', 'a-job'], 'A decision needs a reason.'],
    [['hide', 'pdf-tools', ...because], "'pdf-tools' does not name a skill."],
    [['moderator'], "What is 'moderator' about?"],
    [[], 'Not enough positional arguments.'],
  ])('%j is wrong usage', async (args, message) => {
    const sent = operator.sent.length;
    expect(await operator.json('admin', ...args)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message } },
    });
    expect(operator.sent).toHaveLength(sent);
  });

  it('needs a key', async () => {
    const session = await hubSession({ world });
    expect(await session.json('admin', 'queue')).toMatchObject({ code: 4 });
  });
});
