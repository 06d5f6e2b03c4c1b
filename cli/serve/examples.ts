import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeTarGz } from '../../src/format/archive.ts';
import { readFolder } from '../folder.ts';
import { UserError } from '../user-error.ts';

const NAMESPACE = 'examples';
const DEADLINE_MS = 30_000;
const POLL_MS = 50;

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/**
 * Publishes the example skills the way anybody publishes: over HTTP, through vetting and signing. What an earlier,
 * interrupted start has published already stays as it is.
 */
export async function publishExamples(directory: string, operatorKey: string, fetchHub: Fetch): Promise<string[]> {
  const authorization = `Bearer ${operatorKey}`;
  const namespace = { slug: NAMESPACE, email: 'examples@localhost', label: 'examples' };
  const created = await fetchHub('/v1/namespaces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(namespace),
  });
  if (!created.ok && created.status !== 409) throw failure('create the namespace', created.status);

  const published: string[] = [];
  for (const name of readdirSync(directory).sort()) {
    const body = await writeTarGz(await readFolder(join(directory, name)));
    const accepted = await fetchHub(`/v1/publish?namespace=${NAMESPACE}`, {
      method: 'POST',
      headers: { authorization },
      body,
    });
    if (accepted.status === 409) continue;
    if (!accepted.ok) throw failure(`publish ${name}: ${await accepted.text()}`, accepted.status);
    const { job_id } = (await accepted.json()) as { job_id: string };
    await waitForJob(fetchHub, name, job_id);
    published.push(name);
  }
  return published;
}

async function waitForJob(fetchHub: Fetch, name: string, jobId: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const job = (await (await fetchHub(`/v1/jobs/${jobId}`, {})).json()) as { status: string; message: string };
    if (job.status === 'pass') return;
    if (job.status === 'fail' || job.status === 'quarantined') throw failure(`publish ${name}: ${job.message}`);
    if (Date.now() > deadline) throw failure(`publish ${name} within ${DEADLINE_MS / 1000} seconds: ${job.message}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function failure(what: string, status?: number): UserError {
  const answer = status === undefined ? '' : ` (HTTP ${status})`;
  return new UserError(`Could not ${what}${answer}.`, 'Start with --no-examples to leave them out.');
}
