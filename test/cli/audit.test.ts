import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { skillTag } from '../../src/core/catalog/keys.ts';
import { ENGINE_VERSION } from '../../src/vetting/heuristics/index.ts';
import { MALICIOUS, SUSPICIOUS } from '../support/harmful.ts';
import { moderate } from '../support/moderation.ts';
import { newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { writeFiles } from './files.ts';
import { type HubSession, hubSession, REGISTRY, type Tamper } from './hub.ts';

let world: World;
let key: string;
let headers: Record<string, string>;
let tamper: Tamper;
let session: HubSession;

beforeEach(async () => {
  world = await createWorld({ settings: { verdictPolicy: { malicious: 'warn', suspicious: 'warn' } } });
  ({ key, headers } = await newNamespace(world, 'acme'));
  await publish(world, key);
  tamper = (_path, response) => response;
  session = await hubSession({ world, tamper: (path, response) => tamper(path, response) });
});

interface Document {
  ok: boolean;
  skills: {
    ok: boolean;
    path: string;
    verdicts: { registry: string | null; local: string | null };
    problems: { code: string; message: string; fix: string }[];
    findings: { rule: string; new: boolean | null }[];
  }[];
}

async function install(...refs: string[]): Promise<void> {
  expect((await session.run('install', ...refs)).code).toBe(0);
}

async function audited(...args: string[]) {
  const { code, document } = await session.json('audit', ...args);
  const { ok, skills } = document as Document;
  const problems = skills.flatMap((skill) => skill.problems.map((problem) => problem.code));
  return { code, ok, problems, skills };
}

/** Gives a published version a verdict as if other rules had judged it. */
async function judge(verdict: string): Promise<void> {
  await world.client.execute(`update versions set verdict = '${verdict}'`);
  world.deps.cache.forget(['pdf-tools', 'csv-summary'].map((name) => skillTag('acme', name)));
}

/** Has the registry forget what its examination found, as one with older rules would. */
const withoutFindings: Tamper = async (path, response) =>
  path.endsWith('/findings') ? Response.json({ ...(await response.json<object>()), findings: [] }) : response;

describe('skills audit', () => {
  it('passes what is as it was installed, and says by which rules', async () => {
    await install('@acme/pdf-tools');
    expect(await session.run('audit')).toMatchObject({ code: 0, stdout: '✓ @acme/pdf-tools@1.0.0\n' });
    const { code, document } = await session.json('audit');
    expect([code, document]).toEqual([
      0,
      {
        scope: 'project',
        root: session.cwd,
        level: 'suspicious',
        engine_version: ENGINE_VERSION,
        ok: true,
        skills: [
          expect.objectContaining({
            namespace: 'acme',
            name: 'pdf-tools',
            version: '1.0.0',
            registry: REGISTRY,
            path: join(session.cwd, '.agents/skills/pdf-tools'),
            ok: true,
            verdicts: { registry: 'clean', local: 'clean' },
            problems: [],
            findings: [],
          }),
        ],
      },
    ]);
  });

  it('finds what the registry calls harmful by now, from the level on that is asked for', async () => {
    await install('@acme/pdf-tools');
    await judge('suspicious');
    expect(await audited()).toMatchObject({ code: 1, ok: false, problems: ['flagged'] });
    expect(await audited('--level', 'malicious')).toMatchObject({ code: 0, ok: true, problems: [] });
    await judge('malicious');
    const { code, skills } = await audited('--level', 'malicious');
    expect([code, skills[0]?.problems[0]]).toEqual([
      1,
      {
        code: 'flagged',
        message: `${REGISTRY} calls @acme/pdf-tools@1.0.0 malicious by its newest examination.`,
        fix: 'See why: skills info @acme/pdf-tools@1.0.0. Do not use it before you have looked.',
      },
    ]);
  });

  it('says once what the registry and the rules here agree on', async () => {
    await publish(world, key, { name: 'csv-summary', ...MALICIOUS });
    await install('@acme/csv-summary');
    const { code, problems, skills } = await audited();
    expect([code, problems]).toEqual([1, ['flagged']]);
    expect(skills[0]?.verdicts).toEqual({ registry: 'malicious', local: 'malicious' });
    expect(skills[0]?.findings.length).toBeGreaterThan(0);
    expect(new Set(skills[0]?.findings.map((finding) => finding.new))).toEqual(new Set([false]));
  });

  it('finds what the rules of today see and the registry did not', async () => {
    await publish(world, key, { name: 'csv-summary', ...SUSPICIOUS });
    await install('@acme/csv-summary');
    await judge('clean');
    tamper = withoutFindings;
    const { code, problems, skills } = await audited();
    expect([code, problems, skills[0]?.verdicts]).toEqual([
      1,
      ['examination'],
      { registry: 'clean', local: 'suspicious' },
    ]);
    expect(new Set(skills[0]?.findings.map((finding) => finding.new))).toEqual(new Set([true]));
    const { stdout } = await session.run('audit');
    const [rule] = skills[0]?.findings.map((finding) => finding.rule) ?? [];
    expect(stdout).toContain(
      `✗ @acme/csv-summary@1.0.0 (suspicious)\n  @acme/csv-summary@1.0.0 is suspicious by the rules`,
    );
    expect(stdout).toContain(`(${rule})`);
    expect(await audited('--level', 'malicious')).toMatchObject({ code: 0, problems: [] });
  });

  it('finds harm that somebody has written into an installed file, besides that it was changed', async () => {
    await install('@acme/pdf-tools');
    const [script] = Object.entries(SUSPICIOUS.files ?? {});
    await writeFiles(session.cwd, { [`.agents/skills/pdf-tools/${script?.[0]}`]: String(script?.[1]) });
    expect(await audited()).toMatchObject({ code: 1, problems: ['modified', 'examination'] });
  });

  it('finds a yanked version, a hidden skill and one whose files are gone', async () => {
    await publish(world, key, { name: 'csv-summary' });
    await publish(world, key, { name: 'log-reader' });
    await install('@acme/pdf-tools', '@acme/csv-summary', '@acme/log-reader');
    await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
    await moderate(world, 'skills/acme/csv-summary/hide', { reason: 'Spam.' });
    await rm(join(session.cwd, '.agents/skills/log-reader'), { recursive: true });
    const { code, skills } = await audited();
    const found = skills.map(({ path, problems, verdicts }) => [
      path.split('/').at(-1),
      problems.map((problem) => problem.code),
      verdicts,
    ]);
    expect([code, found]).toEqual([
      1,
      [
        ['csv-summary', ['withdrawn'], { registry: null, local: 'clean' }],
        ['log-reader', ['missing'], { registry: 'clean', local: null }],
        ['pdf-tools', ['withdrawn'], { registry: null, local: 'clean' }],
      ],
    ]);
  });

  it('checks signatures and the log as verify does', async () => {
    await install('@acme/pdf-tools');
    tamper = (path, response) => (path.endsWith('/sig') ? new Response(new Uint8Array(512)) : response);
    expect(await audited()).toMatchObject({ code: 1, problems: ['bad_signature'] });
    tamper = (path, response) =>
      path.startsWith('/v1/log/') ? world.fetch('/v1/log/proof/acme/nothing/1.0.0') : response;
    expect(await audited()).toMatchObject({ code: 1, problems: ['not_logged'] });
  });

  it('examines also when the registry cannot be asked, and does not call that good', async () => {
    await publish(world, key, { name: 'csv-summary', ...SUSPICIOUS });
    await install('@acme/csv-summary');
    tamper = () => {
      throw new TypeError('fetch failed');
    };
    const { code, problems, skills } = await audited();
    expect([code, problems, skills[0]?.verdicts]).toEqual([
      1,
      ['network', 'examination'],
      { registry: null, local: 'suspicious' },
    ]);
    expect(new Set(skills[0]?.findings.map((finding) => finding.new))).toEqual(new Set([null]));
  });

  it('ends with 4 when the registry refuses the key', async () => {
    await install('@acme/pdf-tools');
    const refused = await hubSession({
      world,
      cwd: session.cwd,
      home: session.home,
      env: { SKILLS_TOKEN: `skh_${'0'.repeat(64)}` },
    });
    expect((await refused.run('audit')).code).toBe(4);
  });

  it('looks at the skills that are named, and at those of the user', async () => {
    await publish(world, key, { name: 'csv-summary' });
    await install('@acme/pdf-tools');
    await install('-g', '@acme/csv-summary');
    await judge('malicious');
    expect((await audited('pdf-tools')).skills).toHaveLength(1);
    const { skills } = await audited('-g');
    expect(skills.map(({ path }) => path.startsWith(join(session.home, '.skills')))).toEqual([true]);
    expect(await session.json('audit', 'csv-summary')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_installed' } },
    });
  });

  it('a skill from a folder has no registry: its files and the rules are all there is', async () => {
    const folder = join(session.cwd, 'work/my-skill');
    const [script] = Object.entries(SUSPICIOUS.files ?? {});
    await writeFiles(folder, {
      'SKILL.md':
        '---\nname: my-skill\ndescription: Reads, fills and merges files for an agent.\nmetadata:\n  version: "1.0.0"\n---\n# How to\n',
      [String(script?.[0])]: String(script?.[1]),
    });
    await install('./work/my-skill');
    const { code, problems, skills } = await audited();
    expect([code, problems, skills[0]?.verdicts]).toEqual([
      1,
      ['examination'],
      { registry: null, local: 'suspicious' },
    ]);
  });

  it('nothing is installed, and a level that is none', async () => {
    expect(await session.run('audit')).toMatchObject({
      code: 0,
      stdout: `No skills are installed in ${session.cwd}.\n`,
    });
    const { code, stderr } = await session.run('audit', '--level', 'high');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Use suspicious or malicious.')]);
    expect(session.sent).toEqual([]);
  });
});
