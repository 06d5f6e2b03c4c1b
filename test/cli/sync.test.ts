import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { getJson, newNamespace, publish, type SkillOptions, tarGz } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY } from '../support/world.ts';
import { writeFiles, writeSkill } from './files.ts';
import { type HubSession, hubSession, type Tamper } from './hub.ts';

/** A publisher with skills of these names, one letter apart from nothing that others have. */
async function author(names: readonly string[], options: Parameters<typeof hubSession>[0] = {}) {
  const world = options.world ?? (await createWorld());
  const { key, headers } = await newNamespace(world, 'acme');
  const session = await hubSession({ ...options, world, env: { SKILLS_TOKEN: key } });
  const folder = (name: string) => join(session.cwd, 'skills', name);
  const write = (name: string, skill: SkillOptions = {}) => writeSkill(folder(name), { name, ...skill });
  for (const name of names) await write(name);
  return { ...session, key, headers, folder, write };
}

const uploads = ({ sent }: HubSession) =>
  sent.filter(({ method, url }) => method === 'POST' && url.includes('/publish'));

const versionsOf = async (session: HubSession, name: string, headers = {}) =>
  (
    await getJson<{ versions: { version: string }[] }>(session.world, `/v1/packages/acme/${name}/versions`, headers)
  ).versions.map(({ version }) => version);

const statuses = ({ document }: { document: unknown }) =>
  (document as { skills: { skill: string; status: string; version: string }[] }).skills.map(
    ({ skill, status, version }) => `${skill} ${status} ${version}`,
  );

describe('skills sync', () => {
  it('publishes what the registry does not have, and nothing twice', async () => {
    const session = await author(['csv-reader', 'git-notes', 'pdf-tools']);
    expect(await session.run('sync', 'skills', '--concurrency', '1')).toEqual({
      code: 0,
      stdout:
        '✓ published @acme/csv-reader@1.0.0 (new)\n✓ published @acme/git-notes@1.0.0 (new)\n✓ published @acme/pdf-tools@1.0.0 (new)\n3 published, 0 unchanged, 0 failed\n',
      stderr: '',
    });
    expect(await versionsOf(session, 'git-notes')).toEqual(['1.0.0']);
    await session.write('git-notes', { version: '1.1.0', body: 'Better.\n' });
    const before = uploads(session).length;
    const { code, stdout } = await session.run('sync', '--concurrency', '1');
    expect([code, stdout]).toEqual([
      0,
      '· unchanged @acme/csv-reader@1.0.0\n✓ published @acme/git-notes@1.1.0 (after 1.0.0)\n· unchanged @acme/pdf-tools@1.0.0\n1 published, 2 unchanged, 0 failed\n',
    ]);
    expect(uploads(session).length - before).toBe(1);
    expect(await versionsOf(session, 'git-notes')).toEqual(['1.1.0', '1.0.0']);
  });

  it('tells all of it as JSON, sorted by path', async () => {
    const session = await author(['pdf-tools', 'csv-reader']);
    await publish(session.world, session.key, { name: 'pdf-tools', version: '0.9.0', body: 'Old.\n' });
    expect(await session.json('sync')).toEqual({
      code: 0,
      document: {
        dryRun: false,
        published: 2,
        toPublish: 0,
        unchanged: 0,
        failed: 0,
        skills: [
          {
            path: 'skills/csv-reader',
            skill: '@acme/csv-reader',
            status: 'published',
            version: '1.0.0',
            newest: null,
            written: [],
          },
          {
            path: 'skills/pdf-tools',
            skill: '@acme/pdf-tools',
            status: 'published',
            version: '1.0.0',
            newest: '0.9.0',
            written: [],
          },
        ],
      },
      stderr: '',
    });
  });

  it('fails for a changed skill whose version was not raised, and publishes the others', async () => {
    const session = await author(['csv-reader', 'git-notes']);
    await session.run('sync');
    await session.write('csv-reader', { body: 'Better.\n' });
    await session.write('git-notes', { version: '2.0.0' });
    const { code, stdout } = await session.run('sync', '--concurrency', '1');
    expect([code, stdout]).toEqual([
      1,
      `✗ failed @acme/csv-reader: @acme/csv-reader@1.0.0 is published already, with other files.
  fix: Raise the version, or let \`skills sync --write\` do it.
✓ published @acme/git-notes@2.0.0 (after 1.0.0)
1 published, 0 unchanged, 1 failed
`,
    ]);
    expect(await versionsOf(session, 'csv-reader')).toEqual(['1.0.0']);
  });

  it('writes the next version with --write, once', async () => {
    const session = await author(['csv-reader', 'git-notes', 'pdf-tools']);
    await session.run('sync');
    await session.write('csv-reader', { body: 'Better.\n', frontmatter: '# a comment\n' });
    const { code, stdout } = await session.run('sync', '--write', '--concurrency', '1');
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      '✓ published @acme/csv-reader@1.0.1 (after 1.0.0), written into SKILL.md',
    ]);
    expect(await readFile(join(session.folder('csv-reader'), 'SKILL.md'), 'utf8')).toContain(
      'metadata:\n  version: "1.0.1"\n# a comment\n---\nBetter.\n',
    );
    const again = await session.json('sync', '--write');
    expect(statuses(again)).toEqual([
      '@acme/csv-reader unchanged 1.0.1',
      '@acme/git-notes unchanged 1.0.0',
      '@acme/pdf-tools unchanged 1.0.0',
    ]);
  });

  it.each([
    ['minor', '1.3.0'],
    ['major', '2.0.0'],
  ])('counts on from the newest version of the registry with --bump %s', async (bump, next) => {
    const session = await author([]);
    for (const version of ['1.2.5', '1.1.0']) await publish(session.world, session.key, { version });
    await session.write('pdf-tools', { version: '1.1.0', body: 'Better.\n' });
    expect(statuses(await session.json('sync', '--write', '--bump', bump))).toEqual([
      `@acme/pdf-tools published ${next}`,
    ]);
    expect(await versionsOf(session, 'pdf-tools')).toEqual([next, '1.2.5', '1.1.0']);
  });

  it('gives a skill without a version its first one, with --write only', async () => {
    const session = await author([]);
    await session.write('pdf-tools', { version: null });
    expect(await session.json('sync')).toMatchObject({
      code: 1,
      document: { skills: [{ status: 'failed', error: { code: 'invalid_version' } }] },
    });
    expect(uploads(session)).toEqual([]);
    expect(statuses(await session.json('sync', '--write'))).toEqual(['@acme/pdf-tools published 1.0.0']);
    expect(await readFile(join(session.folder('pdf-tools'), 'SKILL.md'), 'utf8')).toContain('  version: "1.0.0"\n');
    expect(statuses(await session.json('sync'))).toEqual(['@acme/pdf-tools unchanged 1.0.0']);
  });

  it('does not take a skill without a version for unchanged when it went back to older files', async () => {
    const session = await author([]);
    const [old, newer] = [
      { version: null, body: 'Old.\n' },
      { version: null, body: 'New.\n' },
    ];
    await publish(session.world, session.key, old, '?version=1.0.0');
    await session.write('pdf-tools', old);
    expect(statuses(await session.json('sync'))).toEqual(['@acme/pdf-tools unchanged 1.0.0']);
    await publish(session.world, session.key, newer, '?version=1.1.0');
    expect(statuses(await session.json('sync', '--write'))).toEqual(['@acme/pdf-tools published 1.1.1']);
  });

  it('says of unchanged files when their version was yanked, or is not the newest', async () => {
    const session = await author(['pdf-tools']);
    await publish(session.world, session.key, { name: 'pdf-tools' });
    await publish(session.world, session.key, { name: 'pdf-tools', version: '1.1.0', body: 'New.\n' });
    const line = async () => (await session.run('sync')).stdout.split('\n')[0];
    const [version, newest] = ['1.0.0', '1.1.0'];
    expect(await line()).toBe('· unchanged @acme/pdf-tools@1.0.0 (older than 1.1.0)');
    expect((await session.json('sync')).document).toMatchObject({
      unchanged: 1,
      skills: [{ status: 'unchanged', version, newest, current: '1.1.0' }],
    });
    await session.run('yank', '@acme/pdf-tools@1.1.0');
    expect(await line()).toBe('· unchanged @acme/pdf-tools@1.0.0');
    await session.run('yank', '@acme/pdf-tools@1.0.0');
    expect(await line()).toBe('· unchanged @acme/pdf-tools@1.0.0 (yanked)');
    expect((await session.json('sync')).document).toMatchObject({
      skills: [{ status: 'unchanged', version, newest, yanked: true }],
    });
  });

  it('keeps manifest.json and skill.yaml in step', async () => {
    const session = await author([]);
    await session.write('pdf-tools', { files: { 'skill.yaml': 'version: 1.0.0\n' } });
    await session.run('sync');
    await session.write('pdf-tools', { files: { 'skill.yaml': 'version: 1.0.0\n' }, body: 'Better.\n' });
    const { document } = await session.json('sync', '--write');
    expect(document).toMatchObject({
      skills: [{ status: 'published', version: '1.0.1', written: ['SKILL.md', 'skill.yaml'] }],
    });
    expect(await readFile(join(session.folder('pdf-tools'), 'skill.yaml'), 'utf8')).toBe('version: "1.0.1"\n');
  });

  it('only looks in a dry run, even with --write', async () => {
    const session = await author(['csv-reader', 'git-notes', 'pdf-tools']);
    await session.run('sync', 'skills/csv-reader');
    await session.run('sync', 'skills/git-notes');
    await session.write('git-notes', { body: 'Better.\n' });
    const file = join(session.folder('git-notes'), 'SKILL.md');
    const text = await readFile(file, 'utf8');
    const sent = session.sent.length;
    const { code, stdout } = await session.run('sync', '--dry-run', '--write', '--concurrency', '1');
    expect([code, stdout]).toEqual([
      0,
      '· unchanged @acme/csv-reader@1.0.0\n+ to publish @acme/git-notes@1.0.1 (after 1.0.0)\n+ to publish @acme/pdf-tools@1.0.0 (new)\n2 to publish, 1 unchanged, 0 failed\n',
    ]);
    expect(session.sent.slice(sent).map(({ method }) => method)).not.toContain('POST');
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(await session.json('sync', '--dry-run')).toMatchObject({
      code: 1,
      document: { dryRun: true, toPublish: 1, unchanged: 1, failed: 1 },
    });
  });

  it('goes on after skills that break a rule, and tells which', async () => {
    const session = await author(['csv-reader']);
    await session.write('broken', { description: 'Too short.' });
    await writeFiles(session.folder('worse'), { 'SKILL.md': 'no frontmatter' });
    const { code, stdout } = await session.run('sync');
    expect([code, stdout]).toEqual([
      1,
      `✗ failed skills/broken: The skill is not valid: description is too short (minimum 20 characters).
  SKILL.md: error: description is too short (minimum 20 characters) (description-too-short)
    fix: Say what the skill does and when an agent should use it.
  fix: Mend it, and check it with \`skills validate\`.
✗ failed skills/worse: The skill is not valid: SKILL.md line 1: the file must begin with a line '---'.
  SKILL.md:1: error: SKILL.md line 1: the file must begin with a line '---' (invalid-skill-md)
    fix: Begin the file with '---', name, description and '---'.
  fix: Mend it, and check it with \`skills validate\`.
✓ published @acme/csv-reader@1.0.0 (new)
1 published, 0 unchanged, 2 failed
`,
    ]);
  });

  it('tells what the registry refused, with its findings, and publishes the others', async () => {
    const session = await author(['pdf-tools', 'csv-reader']);
    const { key } = await newNamespace(session.world, 'other');
    await publish(session.world, key, { name: 'pdf-tool' });
    expect(await session.json('sync')).toMatchObject({
      code: 1,
      document: {
        published: 1,
        failed: 1,
        skills: [
          { skill: '@acme/csv-reader', status: 'published' },
          {
            skill: '@acme/pdf-tools',
            status: 'failed',
            version: null,
            error: { code: 'invalid_skill', message: expect.stringContaining('was not published: Stage 3 failed') },
            findings: [{ rule: 'similar-name' }],
          },
        ],
      },
    });
  });

  it('goes on when the connection breaks for one of them', async () => {
    let broken = 0;
    const tamper: Tamper = (path, response) => {
      if (path !== '/v1/packages/acme/git-notes/versions' || broken++ > 0) return response;
      throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });
    };
    const session = await author(['csv-reader', 'git-notes'], { tamper });
    const first = await session.json('sync');
    expect(first).toMatchObject({ code: 1, document: { skills: [{ status: 'published' }, { status: 'failed' }] } });
    expect(statuses(await session.json('sync'))).toEqual([
      '@acme/csv-reader unchanged 1.0.0',
      '@acme/git-notes published 1.0.0',
    ]);
  });

  it('says so when it wrote a version and could not publish it, and goes on with that one', async () => {
    let refusals = 0;
    const tamper: Tamper = (path, response) =>
      path === '/v1/publish' && ++refusals === 2 ? new Response('', { status: 502 }) : response;
    const session = await author(['pdf-tools'], { tamper });
    await session.run('sync');
    await session.write('pdf-tools', { body: 'Better.\n' });
    const { code, stdout } = await session.run('sync', '--write');
    expect([code, stdout]).toEqual([
      1,
      `✗ failed @acme/pdf-tools: The registry http://hub.test answered with HTTP 502.
  The next version is written into SKILL.md all the same.
  fix: Try again in a minute; if it stays, tell its operator.
0 published, 0 unchanged, 1 failed
`,
    ]);
    await session.world.drain();
    await session.write('pdf-tools', { version: '1.0.2', body: 'Best.\n' });
    expect(statuses(await session.json('sync'))).toEqual(['@acme/pdf-tools published 1.0.2']);
  });

  it('takes a folder that a link leads to', async () => {
    const session = await author(['pdf-tools']);
    await symlink(join(session.cwd, 'skills'), join(session.cwd, 'linked'));
    expect(statuses(await session.json('sync', 'linked'))).toEqual(['@acme/pdf-tools published 1.0.0']);
  });

  it('publishes none of two skills of one name but the first', async () => {
    const session = await author(['pdf-tools']);
    await writeSkill(join(session.cwd, 'skills/zzz/pdf-tools'), { body: 'Other.\n' });
    expect(await session.json('sync')).toMatchObject({
      code: 1,
      document: {
        skills: [
          { path: 'skills/pdf-tools', status: 'published' },
          {
            path: 'skills/zzz/pdf-tools',
            status: 'failed',
            error: { code: 'duplicate_skill', message: 'skills/pdf-tools is @acme/pdf-tools as well.' },
          },
        ],
      },
    });
  });

  it('tags, describes and hides what it publishes; only new skills are made private', async () => {
    const session = await author(['csv-reader', 'pdf-tools']);
    await publish(session.world, session.key, { name: 'pdf-tools', version: '0.9.0' });
    const { code } = await session.run('sync', '--private', '--tag', 'next', '--changelog', 'From the monorepo.');
    expect(code).toBe(0);
    for (const [name, headers] of [
      ['pdf-tools', {}],
      ['csv-reader', session.headers],
    ] as const) {
      expect(await getJson(session.world, `/v1/packages/acme/${name}/versions`, headers)).toMatchObject({
        versions: expect.arrayContaining([
          expect.objectContaining({ version: '1.0.0', changelog: 'From the monorepo.' }),
        ]),
        tags: { next: '1.0.0' },
      });
    }
    expect((await session.world.fetch('/v1/packages/acme/csv-reader/versions')).status).toBe(404);
  });

  it('sends no more at once than it may', async () => {
    let [now, most] = [0, 0];
    const names = ['alpha-notes', 'bravo-lists', 'charlie-maps', 'delta-charts', 'echo-sounds', 'foxtrot-forms'];
    const watched = async (options: string[]) => {
      [now, most] = [0, 0];
      const session = await author(names, {
        tamper: async (path, response) => {
          if (path.endsWith('/versions')) most = Math.max(most, ++now);
          if (path.startsWith('/v1/jobs/') && (await response.clone().text()).includes('"status":"pass"')) now--;
          return response;
        },
      });
      expect(await session.json('sync', ...options)).toMatchObject({ code: 0, document: { published: 6 } });
      return most;
    };
    expect(await watched([])).toBe(4);
    expect(await watched(['--concurrency', '2'])).toBe(2);
  });

  it('needs a key before it sends anything, and none to look', async () => {
    const session = await hubSession();
    await writeSkill(join(session.cwd, 'pdf-tools'));
    expect(await session.json('sync', '--namespace', 'acme')).toMatchObject({
      code: 4,
      document: { error: { code: 'unauthorized' } },
    });
    expect(session.sent).toEqual([]);
    expect(statuses(await session.json('sync', '--namespace', 'acme', '--dry-run'))).toEqual([
      '@acme/pdf-tools to-publish 1.0.0',
    ]);
  });

  it('lets an operator name the namespace', async () => {
    const world = await createWorld();
    await newNamespace(world, 'acme');
    const session = await hubSession({ world, env: { SKILLS_TOKEN: OPERATOR_KEY } });
    await writeSkill(join(session.cwd, 'pdf-tools'));
    expect(await session.json('sync')).toMatchObject({
      code: 2,
      document: { error: { message: 'Nothing says which namespace the skills belong to.' } },
    });
    expect(statuses(await session.json('sync', '--namespace', 'acme'))).toEqual(['@acme/pdf-tools published 1.0.0']);
  });

  it('says at Ctrl-C that it can be run again, and ends with 130', async () => {
    const listeners: (() => void)[] = [];
    const exits: number[] = [];
    const session = await author(['pdf-tools'], {
      onInterrupt: (listener) => void listeners.push(listener),
      exit: (code) => void exits.push(code),
      tamper(path, response) {
        if (path === '/v1/publish') for (const listener of listeners) listener();
        return response;
      },
    });
    const { stderr } = await session.run('sync');
    expect([exits, stderr]).toEqual([
      [130],
      'Interrupted; what was uploaded may be published. Run it again to go on.\n',
    ]);
  });

  it.each([
    [['--bump', 'minor'], '--bump says how --write counts, and there is no --write.'],
    [['--write', '--bump', 'huge'], '--bump huge is no part of a version.'],
    [['--concurrency', '0'], '--concurrency 0 cannot be.'],
    [['--concurrency', '17'], '--concurrency 17 cannot be.'],
    [['--tag', 'v1'], "The tag 'v1' would be read as a version or a range."],
    [['--changelog', ' '], 'The changelog is empty.'],
    [['a.skill'], 'a.skill is not a folder.'],
  ])('refuses %j', async (options, message) => {
    const session = await author(['pdf-tools']);
    await writeFile(join(session.cwd, 'a.skill'), await tarGz());
    expect(await session.json('sync', ...options)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message: expect.stringContaining(message) } },
    });
    expect(session.sent).toEqual([]);
  });
});
