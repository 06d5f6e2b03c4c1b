import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { versions } from '../../src/db/schema/catalog.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

let session: HubSession;

beforeEach(async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world, 'acme');
  await publish(world, key, { version: '1.0.0', files: { 'references/forms.md': '# Forms\n' } });
  await publish(world, key, { version: '1.1.0', files: { 'references/forms.md': '# Forms\n' } });
  await publish(world, key, { name: 'csv-summary', description: 'Counts rows and columns of tables.' });
  // The hub takes no such character; another registry may send it all the same.
  await world.deps.db
    .update(versions)
    .set({ description: 'Counts rows \u{9b}2J and columns of tables.' })
    .where(eq(versions.description, 'Counts rows and columns of tables.'));
  session = await hubSession({ world });
});

describe('skills search', () => {
  it('prints a table, without what would steer a terminal', async () => {
    const { code, stdout } = await session.run('search', 'csv', 'rows');
    expect([code, stdout]).toEqual([0, '@acme/csv-summary  1.0.0  Counts rows 2J and columns of tables.\n']);
  });

  it('gives the page as JSON', async () => {
    const { code, document } = await session.json('search');
    expect([code, document]).toMatchObject([
      0,
      { total: 2, page: 1, packages: [{ name: 'csv-summary' }, { name: 'pdf-tools' }] },
    ]);
  });

  it('passes page and category on', async () => {
    expect((await session.json('search', 'pdf', '--page', '2', '--category', 'docs')).document).toMatchObject({
      packages: [],
      page: 2,
    });
    expect(session.sent.map(({ url }) => url)).toEqual([`${REGISTRY}/v1/search?q=pdf&page=2&category=docs`]);
  });

  it('tells a page behind the end from no match', async () => {
    expect(await session.run('search', 'csv', '--page', '7')).toEqual({
      code: 0,
      stdout: `There is no page 7 on ${REGISTRY}: the last one is 1.\n`,
      stderr: '',
    });
  });

  it('says when nothing matches', async () => {
    expect(await session.run('search', 'zebra')).toEqual({
      code: 0,
      stdout: `No skill matches on ${REGISTRY}.\n`,
      stderr: '',
    });
  });
});

describe('skills info', () => {
  it('shows a version', async () => {
    const { code, stdout } = await session.run('info', 'pdf-tools');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^@acme\/pdf-tools@1\.1\.0\ndescription {2}Reads, fills and merges PDF files for an agent\.\n/,
    );
    expect(stdout).toMatch(/\nsha256 {7}[0-9a-f]{64}\n/);
  });

  it('shows versions, files and SKILL.md when asked', async () => {
    const { stdout } = await session.run('info', '@acme/pdf-tools@1.0.0', '--versions', '--files', '--readme');
    expect(stdout).toMatch(/\n1\.1\.0 {2}2026-01-01T00:00:00\.000Z {2}latest\n1\.0\.0 {2}2026/);
    expect(stdout).toContain('\nreferences/forms.md  8 B\n');
    expect(stdout).toContain('\n# How to\n');
    expect((await session.json('info', 'pdf-tools', '--versions', '--files', '--readme')).document).toMatchObject({
      version: '1.1.0',
      versions: [{ version: '1.1.0' }, { version: '1.0.0' }],
      files: [{ path: 'SKILL.md' }, { path: 'references/forms.md', size: 8 }],
      skill_md: expect.stringContaining('# How to'),
      truncated: false,
    });
  });

  it('tells how often a skill was downloaded', async () => {
    const { world } = session;
    await (await world.fetch('/v1/download/acme/pdf-tools/1.0.0')).arrayBuffer();
    await world.count();
    expect((await session.run('info', '@acme/pdf-tools')).stdout).toMatch(/\ndownloads +1\n/);
    expect((await session.json('info', '@acme/pdf-tools')).document).toMatchObject({ downloads: 1 });
  });

  it('does without downloads where a registry does not count them', async () => {
    const title = 'Bad Request';
    const detail = "'downloads' is neither a version nor a range.";
    const problem = { type: 'about:blank', title, status: 400, code: 'invalid_request', detail };
    const old = await hubSession({
      world: session.world,
      tamper: (path, response) => (path.endsWith('/downloads') ? Response.json(problem, { status: 400 }) : response),
    });
    const { code, stdout } = await old.run('info', '@acme/pdf-tools');
    expect(code).toBe(0);
    expect(stdout).not.toContain('downloads');
    expect((await old.json('info', '@acme/pdf-tools')).document).not.toHaveProperty('downloads');
  });

  it('fails when the downloads cannot be read for another reason', async () => {
    const broken = await hubSession({
      world: session.world,
      tamper: (path, response) => (path.endsWith('/downloads') ? new Response('down', { status: 503 }) : response),
    });
    expect(await broken.run('info', '@acme/pdf-tools')).toMatchObject({ code: 1, stdout: '' });
  });

  it('tells of a skill that is not there', async () => {
    expect(await session.run('info', '@acme/nothing')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: .+\nfix: .+\n$/),
    });
  });
});
