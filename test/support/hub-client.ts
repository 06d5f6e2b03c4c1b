import { writeTarGz } from '../../src/format/archive.ts';
import { poll } from './hub-process.ts';
import { type SkillOptions, skill } from './skills.ts';

const PUBLISH_DEADLINE_MS = 30_000;

/** Uploads over `/v1` to a running hub, and answers with the id of the job. */
export async function uploadTo(url: string, key: string, options: SkillOptions, query = ''): Promise<string> {
  const response = await fetch(`${url}/v1/publish${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: await writeTarGz(skill(options)),
  });
  if (response.status !== 202) throw new Error(`publish answered ${response.status}: ${await response.text()}`);
  return (await response.json<{ job_id: string }>()).job_id;
}

/** Waits until a job has passed; where it takes too long, fails with its last state, and what else `more` tells. */
export async function waitForPass(url: string, jobId: string, more = () => ''): Promise<void> {
  let last = '';
  await poll(
    PUBLISH_DEADLINE_MS,
    () => last + more(),
    async () => {
      last = await (await fetch(`${url}/v1/jobs/${jobId}`)).text();
      const { status } = JSON.parse(last);
      if (status === 'fail') throw new Error(last);
      return status === 'pass';
    },
  );
}

/** Publishes over `/v1` to a running hub and waits until the version is there. */
export async function publishTo(url: string, key: string, options: SkillOptions, query = ''): Promise<void> {
  await waitForPass(url, await uploadTo(url, key, options, query));
}
