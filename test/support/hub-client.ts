import { writeTarGz } from '../../src/format/archive.ts';
import { poll } from './hub-process.ts';
import { type SkillOptions, skill } from './skills.ts';

const PUBLISH_DEADLINE_MS = 30_000;

/** Creates a namespace on a running hub and answers with its key. */
export async function claimNamespace(url: string, slug: string): Promise<string> {
  const response = await fetch(`${url}/v1/namespaces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ slug, email: `${slug}@example.com` }),
  });
  const { api_key: key } = await response.json<{ api_key: string }>();
  return key;
}

/** Publishes over `/v1` to a running hub and waits until the version is there. */
export async function publishTo(url: string, key: string, options: SkillOptions, query = ''): Promise<void> {
  const response = await fetch(`${url}/v1/publish${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: await writeTarGz(skill(options)),
  });
  const { job_id: id } = await response.json<{ job_id: string }>();
  let last = '';
  await poll(
    PUBLISH_DEADLINE_MS,
    () => last,
    async () => {
      last = await (await fetch(`${url}/v1/jobs/${id}`)).text();
      const { status } = JSON.parse(last);
      if (status === 'fail') throw new Error(last);
      return status === 'pass';
    },
  );
}
