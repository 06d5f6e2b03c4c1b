import { setTimeout as sleep } from 'node:timers/promises';
import { writeTarGz } from '../../src/format/archive.ts';
import type { Bundle } from '../../src/format/bundle.ts';
import { FormatError } from '../../src/format/format-error.ts';
import { readMetadata } from '../../src/format/skill-metadata.ts';
import { type JobBody, jobSchema, problemSchema, publishedSchema } from '../../src/http/v1/schemas.ts';
import { newKey } from '../support/hub-process.ts';
import type { BenchSkill } from './skills.ts';

export interface Hub {
  url: string;
  operatorKey: string;
}

export interface Published {
  namespace: string;
  name: string;
  version: string;
}

/** Why the hub did not take a skill: a stable word, and the sentence that came with it. */
export interface Refusal {
  refused: string;
  message: string;
}

/** Seldom enough that the polls of many uploads at once do not slow down what they wait for. */
const POLL_MS = 250;
const DEADLINE_MS = 120_000;

/** As the operator: some of the corpus are reserved. */
export async function createNamespace({ url, operatorKey }: Hub, slug: string): Promise<void> {
  await newKey(url, slug, operatorKey);
}

/**
 * Uploads as the operator, as version 1.0.0 when the bundle names none.
 *
 * @throws Error when the hub fails instead of refusing
 */
export async function upload(hub: Hub, skill: BenchSkill): Promise<(Published & { jobId: string }) | Refusal> {
  const query = new URLSearchParams({ namespace: skill.namespace });
  if (!namesVersion(skill.bundle)) query.set('version', '1.0.0');
  const response = await fetch(`${hub.url}/v1/publish?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.operatorKey}` },
    body: await writeTarGz(skill.bundle),
  });
  if (response.status === 202) {
    const { job_id: jobId, namespace, name, version } = publishedSchema.parse(await response.json());
    return { jobId, namespace, name, version };
  }
  const answer = await response.text();
  if (response.status >= 500) throw new Error(`publish into ${skill.namespace}: HTTP ${response.status} ${answer}`);
  const { code, detail } = problemSchema.parse(JSON.parse(answer));
  return { refused: code, message: detail };
}

/** Uploads and waits for the job's end. */
export async function publish(hub: Hub, skill: BenchSkill): Promise<Published | Refusal> {
  const accepted = await upload(hub, skill);
  if ('refused' in accepted) return accepted;
  const { jobId, ...published } = accepted;
  return refusalOf(await jobEnd(hub, jobId)) ?? published;
}

async function jobEnd({ url }: Hub, jobId: string): Promise<JobBody> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const job = jobSchema.parse(await (await fetch(`${url}/v1/jobs/${jobId}`)).json());
    if (job.status !== 'pending' && job.status !== 'running') return job;
    if (Date.now() > deadline)
      throw new Error(`job ${jobId} is ${job.status} after ${DEADLINE_MS / 1000} s: ${job.message}`);
    await sleep(POLL_MS);
  }
}

function refusalOf({ status, message, stages, name }: JobBody): Refusal | undefined {
  if (status === 'pass') return undefined;
  if (status === 'quarantined') return { refused: 'quarantined', message };
  const finding = stages.flatMap(({ findings }) => findings).find(({ severity }) => severity === 'error');
  if (!finding) throw new Error(`the job of ${name} ended as ${status} without a finding: ${message}`);
  return { refused: finding.rule, message: finding.message };
}

function namesVersion(bundle: Bundle): boolean {
  try {
    return readMetadata(bundle).metadata.version !== undefined;
  } catch (error) {
    // The hub says what is wrong with it.
    if (error instanceof FormatError) return false;
    throw error;
  }
}
