import { expect, test } from 'vitest';
import type { Scanner, Settings } from '../../src/core/deps.ts';
import { readUpload } from '../../src/format/archive.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { MALICIOUS, SUSPICIOUS } from '../support/harmful.ts';
import { moderate, OPERATOR } from '../support/moderation.ts';
import { raw, report, type ScannerServer, scannerAt, scannerServer } from '../support/scanner.ts';
import { getJson, job, postJson, publish, worldWithKey } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import type { World } from '../support/world.ts';

const VERSION = '/v1/packages/acme/pdf-tools/1.0.0';
const BLOCK: Partial<Settings> = { verdictPolicy: { malicious: 'block', suspicious: 'quarantine' } };
const broken = raw('{}', 500);

async function worldWith(scanners: Scanner[], settings?: Partial<Settings>) {
  return worldWithKey({ deps: { scanners }, ...(settings ? { settings } : {}) });
}

/** Works the queue off until no retry waits any more. */
async function settle(world: World): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await world.drain();
    world.advance(31_000);
  }
  await world.drain();
}

const found = { rule: 'Eicar-Test', message: 'A test virus.', file: 'SKILL.md', line: 2, excerpt: 'name: pdf-tools' };
const stagesOf = (stages: { stage: string; status: string }[]) =>
  stages.map(({ stage, status }) => `${stage} ${status}`);
const findings = (world: World) =>
  getJson<{ verdict: string; passed: boolean; findings: object[] }>(world, `${VERSION}/findings`);
const UNTIL_EXAMINED = ['structure pass', 'content pass', 'safety pass', 'examination pass'];

test('without scanners there is no such stage and no statement more', async () => {
  const { world, key } = await worldWithKey();
  const without = await statements(world, () => publish(world, key));
  expect(stagesOf((await job(world, await onlyJob(world))).stages)).toEqual([...UNTIL_EXAMINED, 'signing pass']);
  const other = await worldWith([]);
  const withNone = await statements(other.world, () => publish(other.world, other.key));
  expect(withNone.length).toBe(without.length);
});

async function onlyJob(world: World): Promise<string> {
  const { rows } = await world.client.execute('select id from jobs');
  return String(rows[0]?.id);
}

test('what scanners call clean is published, after each has seen the files', async () => {
  const servers = [await scannerServer(), await scannerServer(report('clean', [found]))];
  const scanners = servers.map((server, at) => scannerAt(server, { name: `scanner-${at}` }));
  const { world, key } = await worldWith(scanners);
  const { status, stages } = await publish(world, key);
  expect(status).toBe('pass');
  expect(stagesOf(stages)).toEqual([...UNTIL_EXAMINED, 'scanners pass', 'signing pass']);
  for (const { received } of servers) {
    expect(received).toHaveLength(1);
    const { bundle } = await readUpload(new Uint8Array(received[0]?.body ?? []), DEFAULT_LIMITS);
    expect(bundle.files.map(({ path }) => path)).toEqual(['SKILL.md']);
  }
  expect(await findings(world)).toMatchObject({
    verdict: 'clean',
    passed: true,
    findings: [
      { rule: 'scanner-1.Eicar-Test', severity: 'info', stage: 'scanners', message: 'A test virus.', line: 2 },
    ],
  });
});

test('a scanner alone can make a verdict; clients of ClawHub learn it, and that their static scan is clean', async () => {
  const server = await scannerServer(report('suspicious', [found]));
  const { world, key, headers } = await worldWith([scannerAt(server)]);
  expect((await publish(world, key)).status).toBe('pass');
  const verdict = await findings(world);
  expect(verdict).toMatchObject({ verdict: 'suspicious', passed: false });
  expect(verdict.findings).toEqual([
    {
      rule: 'acme-av.verdict',
      severity: 'warning',
      stage: 'scanners',
      message: 'the scanner acme-av calls it suspicious',
      fix: 'Remove what the scanner found; if it is mistaken, appeal.',
    },
    {
      rule: 'acme-av.Eicar-Test',
      severity: 'warning',
      stage: 'scanners',
      message: 'A test virus.',
      fix: 'Look at the place, and remove what does harm.',
      file: 'SKILL.md',
      line: 2,
      excerpt: 'name: pdf-tools',
    },
  ]);
  const question = { items: [{ slug: 'pdf-tools', ownerHandle: 'acme', version: '1.0.0' }] };
  const told = await (await postJson(world, '/api/v1/skills/-/security-verdicts', question)).json();
  expect(told).toMatchObject({
    items: [
      {
        ok: false,
        reasons: ['acme-av.verdict', 'acme-av.Eicar-Test'],
        security: { status: 'suspicious', signals: { staticScan: { status: 'clean', warnings: 0 } } },
      },
    ],
  });
  const scan = { source: { kind: 'published', slug: 'pdf-tools' } };
  const { scanId } = await (await postJson(world, '/api/v1/skills/-/scan', scan, headers)).json<{ scanId: string }>();
  await world.drain();
  expect(await getJson(world, `/api/v1/skills/-/scan/${scanId}`, headers)).toMatchObject({
    report: {
      staticAnalysis: { status: 'clean', reasonCodes: [], findings: [] },
      scanners: { status: 'suspicious', findings: [{ code: 'acme-av.verdict' }, { code: 'acme-av.Eicar-Test' }] },
      stages: [{}, {}, {}, {}, { stage: 'scanners', status: 'pass' }],
    },
  });
});

test('what the examination doubts is no clean static analysis', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key, SUSPICIOUS);
  const scan = { source: { kind: 'published', slug: 'pdf-tools' } };
  const { scanId } = await (await postJson(world, '/api/v1/skills/-/scan', scan, headers)).json<{ scanId: string }>();
  await world.drain();
  const answer = await getJson(world, `/api/v1/skills/-/scan/${scanId}`, headers);
  expect(answer).toMatchObject({
    report: { staticAnalysis: { status: 'suspicious', reasonCodes: ['fetch-and-run.pipe-to-shell'] } },
  });
});

test('the policy holds for scanners: what one calls malicious is held, shown to its owner alone, and can be approved', async () => {
  const server = await scannerServer(report('malicious', [found]));
  const { world, key, headers } = await worldWith([scannerAt(server)]);
  const held = await publish(world, key);
  expect(held).toMatchObject({
    status: 'quarantined',
    message: 'Held for review: the scanner acme-av calls it malicious. A moderator decides; its owner can appeal.',
  });
  expect(stagesOf(held.stages)).toEqual([...UNTIL_EXAMINED, 'scanners fail', 'signing pending']);
  expect(held.stages[4]?.findings).toEqual([]);
  const own = await getJson<typeof held>(world, `/v1/jobs/${held.id}`, headers);
  expect(own.stages[4]?.findings).toMatchObject([{ rule: 'acme-av.verdict' }, { rule: 'acme-av.Eicar-Test' }]);
  expect((await moderate(world, `jobs/${held.id}/approve`, { note: 'A test file.' })).status).toBe(200);
  server.reply = broken;
  await settle(world);
  expect(await job(world, held.id)).toMatchObject({ status: 'pass' });
});

test('what blocks ends the job, and can be appealed and approved', async () => {
  const server = await scannerServer(report('malicious'));
  const { world, key, headers } = await worldWith([scannerAt(server)], BLOCK);
  const failed = await publish(world, key);
  expect(failed).toMatchObject({
    status: 'fail',
    message: 'Stage 5 failed: the scanner acme-av calls it malicious',
  });
  const own = await getJson<typeof failed>(world, `/v1/jobs/${failed.id}`, headers);
  expect(own.stages[4]).toMatchObject({ status: 'fail', findings: [{ rule: 'acme-av.verdict', severity: 'error' }] });
  const appeal = await postJson(world, `/v1/jobs/${failed.id}/appeal`, { text: 'It is harmless.' }, headers);
  expect(appeal.status).toBe(201);
  expect((await moderate(world, `jobs/${failed.id}/approve`, { note: 'So it is.' })).status).toBe(200);
  await world.drain();
  expect(await job(world, failed.id)).toMatchObject({ status: 'pass' });
});

test('of two scanners and the examination the worst verdict and the strictest action count', async () => {
  const servers = [await scannerServer(report('suspicious')), await scannerServer(report('malicious'))];
  const scanners = servers.map((server, at) => scannerAt(server, { name: `scanner-${at}` }));
  const { world, key } = await worldWith(scanners, { verdictPolicy: { malicious: 'quarantine', suspicious: 'warn' } });
  expect((await publish(world, key, SUSPICIOUS)).message).toMatch(
    /^Held for review: the examination calls it suspicious \(score \d+\), the scanner scanner-0 calls it suspicious, the scanner scanner-1 calls it malicious\. /,
  );
});

test('what the examination blocks leaves the hub for no scanner', async () => {
  const server = await scannerServer();
  const { world, key } = await worldWith([scannerAt(server)], BLOCK);
  expect(await publish(world, key, MALICIOUS)).toMatchObject({ status: 'fail' });
  expect(server.received).toEqual([]);
});

const replies: [string, ScannerServer['reply'], string][] = [
  ['answers 500', broken, 'answered 500'],
  ['answers with garbage', raw('<html>'), 'answered with something else than JSON'],
];

test.each(replies)('a scanner that fails open and %s leaves a warning', async (_, reply, cause) => {
  const { world, key } = await worldWith([scannerAt(await scannerServer(reply))]);
  expect((await publish(world, key)).status).toBe('pass');
  expect(await findings(world)).toMatchObject({
    verdict: 'clean',
    passed: true,
    findings: [
      {
        rule: 'scanner-unavailable',
        severity: 'warning',
        message: `the scanner acme-av ${cause}, so that nothing is known from it`,
      },
    ],
  });
  expect(world.logs).toContainEqual({
    level: 'error',
    event: 'scanner.failed',
    fields: { scanner: 'acme-av', namespace: 'acme', name: 'pdf-tools', version: '1.0.0', cause },
  });
});

test('one that fails closed is asked four times, with growing pauses; then the job fails, and the number is free', async () => {
  const server = await scannerServer(broken);
  const { world, key } = await worldWith([scannerAt(server, { onFailure: 'closed' })]);
  const first = await publish(world, key);
  expect(first).toMatchObject({
    status: 'pending',
    attempts: 1,
    message: 'Stage 5 failed: the scanner acme-av answered 500. Trying again.',
  });
  for (const [attempts, pause] of [
    [2, 1000],
    [3, 5000],
  ] as const) {
    world.advance(pause - 1);
    await world.drain();
    expect(server.received).toHaveLength(attempts - 1);
    world.advance(1);
    await world.drain();
    expect(server.received).toHaveLength(attempts);
  }
  await settle(world);
  const failed = await job(world, first.id);
  expect(failed).toMatchObject({
    status: 'fail',
    attempts: 4,
    message: 'Stage 5 failed: the scanner acme-av answered 500 (after 4 attempts)',
  });
  expect(stagesOf(failed.stages)).toEqual([...UNTIL_EXAMINED, 'scanners fail', 'signing pending']);
  const approval = await moderate(world, `jobs/${first.id}/approve`, { note: 'Anyway.' });
  expect(approval.status).toBe(409);
  server.reply = report('clean');
  expect((await publish(world, key)).status).toBe('pass');
});

test('one that comes back in time costs nothing but time', async () => {
  const server = await scannerServer(broken);
  const { world, key } = await worldWith([scannerAt(server, { onFailure: 'closed' })]);
  const { id } = await publish(world, key);
  server.reply = report('clean');
  await settle(world);
  const { status, stages } = await job(world, id);
  expect(status).toBe('pass');
  expect(stages.flatMap((stage) => stage.findings)).toEqual([]);
});

test('what the examination holds for a person waits for no scanner', async () => {
  const server = await scannerServer(broken);
  const { world, key, headers } = await worldWith([scannerAt(server, { onFailure: 'closed' })]);
  const held = await publish(world, key, MALICIOUS);
  expect(held.status).toBe('quarantined');
  const own = await getJson<typeof held>(world, `/v1/jobs/${held.id}`, headers);
  expect(own.stages[4]).toMatchObject({ status: 'pass', findings: [{ rule: 'scanner-unavailable' }] });
});

test('a scanner writes what it likes: cut, without what cannot be seen, about files that exist', async () => {
  const token = `ghp_${'a1'.repeat(18)}`;
  const wild = { rule: 'a b\n../c', message: `\u202e${token} ${'x'.repeat(1000)}`, file: '/etc/passwd', line: 1 };
  const many = Array.from({ length: 100 }, () => ({ rule: 'r', message: 'm' }));
  const { world, key } = await worldWith([scannerAt(await scannerServer(report('suspicious', [wild, ...many])))]);
  await publish(world, key);
  const verdict = await findings(world);
  expect(verdict.findings).toHaveLength(21);
  const { message, ...finding } = verdict.findings[1] as { message: string };
  expect(finding).toEqual({
    rule: 'acme-av.a-b-..-c',
    severity: 'warning',
    stage: 'scanners',
    fix: 'Look at the place, and remove what does harm.',
  });
  expect(message).toMatch(/^\\u\{202e\}ghp_… \(40 characters\) x+…$/);
  expect(message.length).toBe(300);
});

async function rescan(world: World) {
  await world.client.execute("update versions set engine_version = 'old'");
  expect((await moderate(world, 'rescans', {}, OPERATOR)).status).toBe(202);
  await settle(world);
}

test('rescans ask as well; while one that fails open is silent, no verdict gets better', async () => {
  const server = await scannerServer();
  const { world, key } = await worldWith([scannerAt(server)]);
  await publish(world, key);
  server.reply = report('malicious');
  await rescan(world);
  expect(await findings(world)).toMatchObject({ verdict: 'malicious' });
  server.reply = broken;
  await rescan(world);
  expect(await findings(world)).toMatchObject({ verdict: 'malicious', findings: [{ rule: 'scanner-unavailable' }] });
  server.reply = report('clean');
  await rescan(world);
  expect(await findings(world)).toMatchObject({ verdict: 'clean', findings: [] });
});

test('a rescan without a scanner that fails closed fails, and what was known stays', async () => {
  const server = await scannerServer(report('suspicious'));
  const { world, key } = await worldWith([scannerAt(server, { onFailure: 'closed' })]);
  await publish(world, key);
  server.reply = broken;
  await rescan(world);
  expect(server.received).toHaveLength(5);
  const { rows } = await world.client.execute('select state from scans');
  expect(rows).toEqual([{ state: 'failed' }]);
  expect(await findings(world)).toMatchObject({ verdict: 'suspicious', findings: [{ rule: 'acme-av.verdict' }] });
});
