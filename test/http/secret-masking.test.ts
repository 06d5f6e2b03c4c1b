import { expect, test } from 'vitest';
import { githubToken, inLines, noise, pem } from '../support/credentials.ts';
import { bearer, getJson, postJson, publish, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const SECRETS = {
  github: githubToken(),
  literal: noise(32, undefined, 'literal'),
  password: noise(20, undefined, 'password'),
  pem: noise(640, undefined, 'pem'),
};
const FILES = {
  'scripts/push.sh': `#!/bin/sh\nGITHUB_TOKEN=${SECRETS.github}\ncurl -d @- postgres://app:${SECRETS.password}@db.acme.io/x\n`,
  '.env': `ACME_API_KEY=${SECRETS.literal}\n`,
  'assets/config.json': JSON.stringify({ api_key: SECRETS.literal, nested: { token: SECRETS.github } }),
  'assets/notebook.ipynb': JSON.stringify({ cells: [{ source: [`key = """${pem(inLines(SECRETS.pem))}"""\n`] }] }),
};

interface Findings {
  stages: { findings: { rule: string; file: string; line: number }[] }[];
}

/** Any eight characters in a row of a secret, past the four that may be shown. */
function expectMasked(text: string, secrets: string[] = Object.values(SECRETS)): void {
  for (const secret of secrets) {
    for (let at = 4; at + 8 <= secret.length; at++) expect(text).not.toContain(secret.slice(at, at + 8));
  }
}

async function everyRow(world: World): Promise<string> {
  const { rows: tables } = await world.client.execute("SELECT name FROM sqlite_master WHERE type = 'table'");
  const texts: string[] = [];
  for (const { name } of tables.filter((table) => !String(table.name).includes('fts'))) {
    texts.push(JSON.stringify((await world.client.execute(`SELECT * FROM "${name}"`)).rows));
  }
  return texts.join('\n');
}

test('a refused job names the files and lines, and shows of no secret more than four characters', async () => {
  const { world, key, headers } = await worldWithKey();
  const { id, status, message } = await publish(world, key, { files: FILES });
  expect(status).toBe('fail');
  expect(message).toMatch(/^Stage 2 failed: possible hardcoded secret found: '.{0,4}… \(\d+ characters\)'/);
  const { stages } = await getJson<Findings>(world, `/v1/jobs/${id}`);
  const places = stages[1]?.findings.map(({ rule, file, line }) => `${rule} ${file}:${line}`);
  expect(places?.sort()).toEqual([
    'secret-assigned-environment .env:1',
    'secret-assigned-literal assets/config.json:1',
    'secret-github-token assets/config.json:1',
    'secret-github-token scripts/push.sh:2',
    'secret-private-key assets/notebook.ipynb:1',
    'secret-url-credentials scripts/push.sh:3',
  ]);

  for (const who of [{}, headers, bearer(OPERATOR_KEY)]) {
    for (const path of [
      `/v1/jobs/${id}`,
      '/v1/packages/acme/pdf-tools',
      '/v1/packages/acme/pdf-tools/1.0.0',
      '/api/v1/skills/pdf-tools',
      '/api/v1/skills/pdf-tools/moderation',
      '/api/v1/skills/pdf-tools/verify?version=1.0.0',
      '/api/v1/skills/pdf-tools/versions/1.0.0',
    ]) {
      expectMasked(await (await world.fetch(path, { headers: who })).text());
    }
  }
  expectMasked(await everyRow(world));
  expectMasked(JSON.stringify(world.logs));
});

test('a published version with a key for tests is warned of, masked in its job, verdict, scan and report', async () => {
  const { world, key, headers } = await worldWithKey();
  const secret = ['sk', 'test', noise(32, undefined, 'stripe')].join('_');
  const job = await publish(world, key, { files: { 'scripts/pay.sh': `STRIPE_KEY=${secret}\n` } });
  expect(job).toMatchObject({ status: 'pass' });
  expect(job.stages[1]?.findings).toMatchObject([
    { rule: 'secret-stripe-test-key', severity: 'warning', file: 'scripts/pay.sh', line: 1 },
  ]);

  const source = { kind: 'published', slug: 'pdf-tools' };
  const queued = await postJson(world, '/api/v1/skills/-/scan', { source }, headers);
  const { scanId } = await queued.json<{ scanId: string }>();
  await world.drain();
  const scan = await getJson(world, `/api/v1/skills/-/scan/${scanId}`, headers);
  expect(JSON.stringify(scan)).toContain('secret-stripe-test-key');
  const items = [{ slug: 'pdf-tools', ownerHandle: 'acme', version: '1.0.0' }];
  const verdicts = await postJson(world, '/api/v1/skills/-/security-verdicts', { items });
  for (const text of [
    JSON.stringify([job, scan]),
    await verdicts.text(),
    await (await world.fetch('/api/v1/skills/pdf-tools/verify')).text(),
    await (await world.fetch('/api/v1/skills/pdf-tools/versions/1.0.0')).text(),
    await everyRow(world),
    JSON.stringify(world.logs),
  ]) {
    expectMasked(text, [secret.slice(4)]);
  }
});
