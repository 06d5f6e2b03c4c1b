import { describe, expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { OPERATOR } from '../support/moderation.ts';
import { ok, request, SCAN, START, scan, status, TOO_MANY, tighten, worldWithSkill } from '../support/scans.ts';
import { getJson, postJson, publish } from '../support/skills.ts';
import { statements } from '../support/statements.ts';

test('a scan is queued, runs, and is reported', async () => {
  const { world, headers } = await worldWithSkill();
  world.advance(1000);
  const queued = await ok(await request(world, headers, { ownerHandle: '@ACME', version: '1.0.0' }));
  expect(queued).toEqual({
    ok: true,
    scanId: expect.stringMatching(/^\w{26}$/),
    status: 'queued',
    sourceKind: 'published',
    update: true,
    alreadyQueued: false,
  });
  expect(world.queue.map(({ message }) => message)).toEqual([{ type: 'scan', scanId: queued.scanId }]);
  const { rows } = await world.client.execute('SELECT zip_sha256, state FROM versions');
  const common = {
    ok: true,
    scanId: queued.scanId,
    sourceKind: 'published',
    update: true,
    artifact: {
      slug: 'pdf-tools',
      ownerHandle: 'acme',
      displayName: 'pdf-tools',
      version: '1.0.0',
      sha256: rows[0]?.zip_sha256,
    },
    createdAt: START + 1000,
  };
  expect(await status(world, headers, String(queued.scanId))).toEqual({
    ...common,
    status: 'queued',
    writtenBack: false,
    updatedAt: START + 1000,
  });
  world.advance(1000);
  await world.drain();
  expect(await status(world, headers, String(queued.scanId))).toEqual({
    ...common,
    status: 'succeeded',
    writtenBack: true,
    updatedAt: START + 2000,
    completedAt: START + 2000,
    report: {
      staticAnalysis: { status: 'clean', summary: 'Nothing was found.', reasonCodes: [], findings: [] },
      stages: ['structure', 'content', 'safety', 'examination'].map((stage) => ({
        stage,
        status: 'pass',
        endedAt: START + 2000,
      })),
      clawscan: null,
      skillspector: null,
      virustotal: null,
    },
  });
});

test('one scan of a version at a time, of each version one', async () => {
  const { world, key, headers } = await worldWithSkill();
  await publish(world, key, { version: '1.1.0' });
  const first = await ok(await request(world, headers));
  expect(await ok(await request(world, OPERATOR, { version: '1.1.0' }))).toEqual({ ...first, alreadyQueued: true });
  expect(await ok(await request(world, headers, { version: '1.0.0' }))).toMatchObject({ alreadyQueued: false });
  await world.drain();
  const again = await ok(await request(world, headers));
  expect(again).toMatchObject({ status: 'queued', alreadyQueued: false });
  expect(again.scanId).not.toBe(first.scanId);
});

describe('a scan with rules that got stricter', () => {
  test('becomes the verdict, and changes nothing of the version', async () => {
    const { world, headers } = await worldWithSkill();
    const question = { items: [{ slug: 'pdf-tools', ownerHandle: 'acme', version: '1.0.0' }] };
    const verdict = async () => {
      const response = await postJson(world, '/api/v1/skills/-/security-verdicts', question);
      return (await response.json<{ items: unknown[] }>()).items[0];
    };
    const page = '/api/v1/skills/pdf-tools/verify';
    const detail = '/api/v1/skills/pdf-tools/versions/1.0.0';
    expect(await verdict()).toMatchObject({ ok: true, decision: 'pass' });
    expect(await getJson(world, page)).toMatchObject({ ok: true, decision: 'pass' });
    expect(await getJson(world, detail)).toMatchObject({ version: { security: { status: 'clean' } } });
    expect(await refusalOf(await world.fetch('/api/v1/skills/pdf-tools/moderation'))).toEqual({
      status: 404,
      text: 'Moderation not found',
    });

    tighten(world);
    world.advance(5000);
    const id = await scan(world, headers);
    expect(await status(world, headers, id)).toMatchObject({
      status: 'succeeded',
      report: {
        staticAnalysis: {
          status: 'suspicious',
          summary: 'Found 1 error and 0 hints.',
          reasonCodes: ['too-many-files'],
          findings: [
            { code: 'too-many-files', severity: 'critical', message: TOO_MANY, remediation: expect.any(String) },
          ],
        },
        stages: [
          { stage: 'structure', status: 'fail' },
          { stage: 'examination', status: 'pass' },
        ],
      },
    });
    const overview = `Passed this hub's checks when it was published, but not those of today: ${TOO_MANY}.`;
    const security = { status: 'suspicious', passed: false };
    const failed = { ok: false, decision: 'fail', reasons: ['too-many-files'] };
    expect(await verdict()).toMatchObject({
      ...failed,
      slug: 'pdf-tools',
      version: '1.0.0',
      checkedAt: START + 5000,
      overview,
      securityAuditUrl: expect.any(String),
      security,
    });
    expect(await getJson(world, page)).toMatchObject({
      ...failed,
      security: { ...security, checkedAt: START + 5000, overview },
    });
    expect(await getJson(world, detail)).toMatchObject({
      version: { security: { status: 'suspicious', hasWarnings: true, checkedAt: START + 5000 } },
    });
    expect(await getJson(world, '/api/v1/skills/pdf-tools/moderation')).toEqual({
      moderation: {
        isSuspicious: true,
        isMalwareBlocked: false,
        verdict: 'suspicious',
        reasonCodes: ['too-many-files'],
        updatedAt: START + 5000,
        summary: overview,
        evidence: [
          { code: 'too-many-files', severity: 'critical', file: '', line: 0, message: TOO_MANY, evidence: '' },
        ],
      },
    });
    expect((await world.fetch('/api/v1/download?slug=pdf-tools&version=1.0.0')).status).toBe(200);
    const { rows } = await world.client.execute('SELECT state FROM versions');
    expect(rows).toEqual([{ state: 'published' }]);
  });

  test('gives way to a newer one', async () => {
    const { world, headers } = await worldWithSkill();
    const { limits } = world.deps.settings;
    tighten(world);
    await scan(world, headers);
    expect(await getJson(world, '/api/v1/skills/pdf-tools/verify')).toMatchObject({ ok: false });
    world.deps.settings.limits = limits;
    world.advance(1000);
    await scan(world, headers);
    expect(await getJson(world, '/api/v1/skills/pdf-tools/verify')).toMatchObject({ ok: true, reasons: [] });
    expect((await world.fetch('/api/v1/skills/pdf-tools/moderation')).status).toBe(404);
  });

  test.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('costs no reader a statement more', async () => {
    const { world, headers } = await worldWithSkill();
    const count = async (path: string) => {
      world.advance(60_000);
      return (await statements(world, () => world.fetch(path))).length;
    };
    const counts = async () => [
      await count('/api/v1/skills/pdf-tools/verify'),
      await count('/api/v1/skills/pdf-tools/versions/1.0.0'),
    ];
    const before = await counts();
    await scan(world, headers);
    await scan(world, headers);
    expect(await counts()).toEqual(before);
    expect(before[0]).toBeGreaterThan(0);
  });
});

test('no skill is too similar to itself, and one of the same name elsewhere is none of its business', async () => {
  const { world, headers, other } = await worldWithSkill();
  await publish(world, other.key);
  for (const who of [headers, other.headers]) {
    const owner = who === headers ? 'acme' : 'other';
    const id = await scan(world, who, { ownerHandle: owner });
    expect(await status(world, who, id)).toMatchObject({ report: { staticAnalysis: { reasonCodes: [] } } });
  }
});

test('a skill under another name than its files say is not blamed for it', async () => {
  const { world, headers } = await worldWithSkill();
  await world.client.execute("UPDATE skills SET name = 'paper-tools' WHERE name = 'pdf-tools'");
  const id = await scan(world, headers, { slug: 'paper-tools' });
  expect(await status(world, headers, id)).toMatchObject({
    artifact: { slug: 'paper-tools' },
    report: { staticAnalysis: { status: 'clean' } },
  });
});

test('a version that was yanked before its turn is not scanned', async () => {
  const { world, key, headers } = await worldWithSkill();
  await publish(world, key, { version: '1.1.0' });
  const { scanId } = await ok<{ scanId: string }>(await request(world, headers, { version: '1.0.0' }));
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  await world.drain();
  expect(await status(world, headers, scanId)).toMatchObject({
    status: 'failed',
    writtenBack: false,
    lastError: '1.0.0 is not published any more.',
  });
  const download = await world.fetch(`${SCAN}/${scanId}/download`, { headers });
  expect(await refusalOf(download)).toEqual({
    status: 409,
    text: 'The scan has no report: it is failed. Ask for its status.',
  });
});
