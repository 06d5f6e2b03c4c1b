import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newNamespace, publish, tarGz } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY } from '../support/world.ts';
import { writeFiles, writeSkill } from './files.ts';
import { hubSession, type Tamper } from './hub.ts';
import { author, statuses, versionsOf } from './sync-session.ts';

describe('skills sync', () => {
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
