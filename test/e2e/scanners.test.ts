import { afterEach, expect, test } from 'vitest';
import { type HubProcess, poll, startHubProcess } from '../support/hub-process.ts';
import { report, scannerServer } from '../support/scanner.ts';
import { tarGz } from '../support/skills.ts';

let hub: HubProcess | undefined;
afterEach(async () => void (await hub?.stop('SIGINT')));

test('a hub as people run it asks a scanner on its own machine', async () => {
  const scanner = await scannerServer(report('suspicious', [{ rule: 'Test', message: 'A test.' }]));
  const SCANNERS = JSON.stringify([{ name: 'acme-av', url: scanner.url, allow_private: true, on_failure: 'closed' }]);
  hub = await startHubProcess({ env: { SCANNERS, SCANNER_TOKENS: '{"acme-av":"t0ken"}' } });
  const { url, output } = hub;
  const made = await fetch(`${url}/v1/namespaces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ slug: 'acme', email: 'acme@example.com' }),
  });
  const { api_key: key } = (await made.json()) as { api_key: string };
  const headers = { authorization: `Bearer ${key}` };
  const accepted = await fetch(`${url}/v1/publish`, { method: 'POST', headers, body: await tarGz() });
  const { job_id } = (await accepted.json()) as { job_id: string };
  let job = '';
  await poll(
    30_000,
    () => job + output(),
    async () => {
      job = await (await fetch(`${url}/v1/jobs/${job_id}`)).text();
      return JSON.parse(job).status === 'pass';
    },
  );
  expect(scanner.received).toHaveLength(1);
  expect(scanner.received[0]?.headers).toMatchObject({ authorization: 'Bearer t0ken', 'x-skill-name': 'pdf-tools' });
  const found = await fetch(`${url}/v1/packages/acme/pdf-tools/1.0.0/findings`);
  expect(await found.json()).toMatchObject({
    verdict: 'suspicious',
    findings: [{ rule: 'acme-av.verdict' }, { rule: 'acme-av.Test', message: 'A test.' }],
  });
  expect(output()).not.toContain('t0ken');
});
