import { beforeAll, expect, test } from 'vitest';
import { fingerprintsOf } from '../../src/format/fingerprint.ts';
import { refusalOf, sha256Of } from '../support/clawhub.ts';
import { getJson, newNamespace, postJson, publish, skill } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const START = Date.UTC(2026, 0, 1);
const VERDICTS = '/api/v1/skills/-/security-verdicts';
const CLEAN = "Passed this hub's structure, content and safety checks and was signed by it, without warnings.";

let world: World;
let acme: Awaited<ReturnType<typeof newNamespace>>;

beforeAll(async () => {
  world = await createWorld();
  acme = await newNamespace(world);
  await publish(world, acme.key);
  await publish(world, acme.key, { name: 'secret-plan' }, '?visibility=private');
});

const ask = async (items: unknown, headers: Record<string, string> = {}) => {
  const response = await postJson(world, VERDICTS, { items }, headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.json<{ schema: string; items: Record<string, unknown>[] }>();
};

const passed = (echo: Record<string, string>) => ({
  ok: true,
  decision: 'pass',
  reasons: [],
  requestedSlug: 'pdf-tools',
  requestedVersion: '1.0.0',
  ...echo,
  slug: 'pdf-tools',
  version: '1.0.0',
  displayName: 'pdf-tools',
  publisherHandle: 'acme',
  publisherDisplayName: 'acme',
  createdAt: START,
  checkedAt: START,
  skillUrl: 'http://hub.test/api/v1/skills/pdf-tools?ownerHandle=acme',
  securityAuditUrl: 'http://hub.test/api/v1/skills/pdf-tools/verify?version=1.0.0&ownerHandle=acme',
  overview: CLEAN,
  security: {
    status: 'clean',
    passed: true,
    signals: {
      staticScan: { status: 'clean', warnings: 0 },
      virusTotal: null,
      skillSpector: null,
      dependencyRegistry: null,
    },
  },
});

const unknown = (requestedSlug: string, requestedVersion: string) => ({
  ok: false,
  decision: 'fail',
  reasons: ['skill_not_found'],
  requestedSlug,
  requestedVersion,
  error: { code: 'skill_not_found', message: 'There is no such version on this hub.' },
});

test('a verdict has everything without which OpenClaw does not install', async () => {
  expect(
    await ask([
      { slug: 'pdf-tools', ownerHandle: 'acme', version: '1.0.0' },
      { slug: 'pdf-tools', version: '1.0.0' },
    ]),
  ).toEqual({
    schema: 'clawhub.skill.security-verdicts.v1',
    items: [passed({ requestedOwnerHandle: 'acme' }), passed({})],
  });
});

test('one answer for each question, in order, also where there is nothing to answer', async () => {
  const { items } = await ask([
    { slug: 'ghost', version: '1.0.0' },
    { slug: 'pdf-tools', version: '9.9.9' },
    { slug: 'pdf-tools', version: '1.0.0' },
    { slug: 'secret-plan', version: '1.0.0' },
  ]);
  expect(items).toEqual([
    unknown('ghost', '1.0.0'),
    unknown('pdf-tools', '9.9.9'),
    passed({}),
    unknown('secret-plan', '1.0.0'),
  ]);
});

test('a private skill is vouched for to its own namespace only', async () => {
  const umbrella = await newNamespace(world, 'umbrella');
  const question = [{ slug: 'secret-plan', ownerHandle: '@ACME', version: '1.0.0' }];
  expect((await ask(question, acme.headers)).items).toMatchObject([
    { ok: true, requestedOwnerHandle: '@ACME', publisherHandle: '@ACME', slug: 'secret-plan' },
  ]);
  expect((await ask(question, umbrella.headers)).items).toMatchObject([{ ok: false }]);
  expect((await ask(question)).items).toMatchObject([{ ok: false }]);
});

test('a yanked or hidden version is not vouched for', async () => {
  const { key, headers } = await newNamespace(world, 'initech');
  await publish(world, key, { name: 'stapler' });
  const question = [{ slug: 'stapler', version: '1.0.0' }];
  expect((await ask(question)).items).toMatchObject([{ ok: true }]);
  await world.fetch('/api/v1/skills/stapler', { method: 'DELETE', headers });
  expect((await ask(question, headers)).items).toEqual([unknown('stapler', '1.0.0')]);
  await world.fetch('/api/v1/skills/stapler/undelete', { method: 'POST', headers });
  expect((await ask(question)).items).toMatchObject([{ ok: true }]);
  await postJson(world, '/v1/packages/initech/stapler/1.0.0/yank', {}, headers);
  expect((await ask(question)).items).toEqual([unknown('stapler', '1.0.0')]);
});

test('a hundred questions are answered, one more is too many, none is too few', async () => {
  const question = { slug: 'pdf-tools', version: '1.0.0' };
  expect((await ask(Array.from({ length: 100 }, () => question))).items).toHaveLength(100);
  for (const items of [Array.from({ length: 101 }, () => question), [], 'all', [{ slug: 'pdf-tools' }]]) {
    expect((await refusalOf(await postJson(world, VERDICTS, { items }))).status).toBe(400);
  }
  const broken = await world.fetch(VERDICTS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect(await refusalOf(broken)).toEqual({
    status: 400,
    text: 'Malformed JSON in request body. Send well-formed JSON.',
  });
});

test('warnings are part of what the overview says', async () => {
  const { key } = await newNamespace(world, 'hooli');
  const job = await publish(world, key, { name: 'box', body: 'One more line.\n'.repeat(1200) });
  const { stages } = await getJson<{ stages: { findings: { severity: string; message: string }[] }[] }>(
    world,
    `/v1/jobs/${job.id}`,
  );
  const findings = stages.flatMap((stage) => stage.findings);
  const told = findings.filter(({ severity }) => severity === 'warning').map(({ message }) => message);
  expect(told).toHaveLength(1);
  const [answer] = (await ask([{ slug: 'box', version: '1.0.0' }])).items;
  expect(answer?.overview).toBe(CLEAN.replace('without warnings.', `with 1 warning: ${told[0]}.`));
  expect(answer).toMatchObject({ security: { signals: { staticScan: { warnings: told.length } } } });
});

test('install, in the order in which OpenClaw asks', async () => {
  const plan = await getJson<{ archive: { version: string; downloadUrl: string } }>(
    world,
    '/api/v1/skills/pdf-tools/install?ownerHandle=acme',
  );
  expect(plan).toEqual({
    ok: true,
    slug: 'pdf-tools',
    installKind: 'archive',
    archive: {
      version: '1.0.0',
      downloadUrl: 'http://hub.test/api/v1/download?slug=pdf-tools&version=1.0.0&ownerHandle=acme',
    },
  });
  const { version } = plan.archive;
  expect((await ask([{ slug: 'pdf-tools', ownerHandle: 'acme', version }])).items).toMatchObject([{ ok: true }]);
  const archive = await world.fetch(plan.archive.downloadUrl);
  const bytes = new Uint8Array(await archive.arrayBuffer());
  const { full, text } = await fingerprintsOf(skill());
  const [file] = skill().files;
  expect(await getJson(world, `/api/v1/skills/pdf-tools/verify?version=${version}&ownerHandle=acme`)).toEqual({
    schema: 'clawhub.skill.verify.v1',
    ok: true,
    decision: 'pass',
    reasons: [],
    slug: 'pdf-tools',
    displayName: 'pdf-tools',
    pageUrl: 'http://hub.test/api/v1/skills/pdf-tools?ownerHandle=acme',
    publisherHandle: 'acme',
    publisherDisplayName: 'acme',
    publisherProfileUrl: null,
    version: '1.0.0',
    resolvedFrom: 'version',
    tag: null,
    createdAt: START,
    card: { available: false },
    artifact: {
      kind: 'archive',
      downloadUrl: plan.archive.downloadUrl,
      sha256: sha256Of(bytes),
      size: bytes.length,
      sourceFingerprint: full,
      bundleFingerprints: text,
      files: [
        { path: 'SKILL.md', size: file?.bytes.length, sha256: sha256Of(file?.bytes ?? bytes), contentType: null },
      ],
    },
    provenance: { source: 'unavailable', reason: 'The publisher uploaded the files.' },
    security: { ...passed({}).security, checkedAt: START, overview: CLEAN },
    signature: {
      status: 'signed',
      algorithm: 'RS256',
      keyId: expect.any(String),
      signatureUrl: 'http://hub.test/v1/download/acme/pdf-tools/1.0.0/sig?format=zip',
      keysUrl: 'http://hub.test/v1/keys/registry',
      publisher: null,
    },
  });
});

test.each([
  ['', 'latest', null],
  ['?tag=latest', 'tag', 'latest'],
  ['?version=1.0.0', 'version', null],
])('verify%s says how the version was found', async (query, resolvedFrom, tag) => {
  const answer = await getJson(world, `/api/v1/skills/pdf-tools/verify${query}`);
  expect(answer).toMatchObject({ resolvedFrom, tag, version: '1.0.0' });
});

test('the signature that verify names is over the zip', async () => {
  const { signature, artifact } = await getJson<{
    signature: { signatureUrl: string; keysUrl: string };
    artifact: { downloadUrl: string };
  }>(world, '/api/v1/skills/pdf-tools/verify');
  const read = async (url: string) => Buffer.from(await (await world.fetch(url)).arrayBuffer());
  const { keys } = await getJson<{ keys: [JsonWebKey] }>(world, signature.keysUrl);
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', keys[0], algorithm, false, ['verify']);
  const [signed, bytes] = await Promise.all([read(signature.signatureUrl), read(artifact.downloadUrl)]);
  expect(await crypto.subtle.verify(algorithm, key, signed, bytes)).toBe(true);
});
