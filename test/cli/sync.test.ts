import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { getJson, publish } from '../support/skills.ts';
import { author, statuses, uploads, versionsOf } from './sync-session.ts';

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

  it('takes a folder that a link leads to', async () => {
    const session = await author(['pdf-tools']);
    await symlink(join(session.cwd, 'skills'), join(session.cwd, 'linked'));
    expect(statuses(await session.json('sync', 'linked'))).toEqual(['@acme/pdf-tools published 1.0.0']);
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
});
