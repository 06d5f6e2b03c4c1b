import { type SkillOptions, tarGz } from './bundles.ts';
import { createWorld, type World } from './world.ts';

export * from './bundles.ts';

/** Somebody with a key of a namespace. */
export interface KeyHolder {
  key: string;
  headers: { authorization: string };
}

/** A namespace with its first key. */
export async function newNamespace(world: World, slug = 'acme'): Promise<KeyHolder> {
  const response = await postJson(world, '/v1/namespaces', { slug, email: `${slug}@example.com` });
  const { api_key: key } = await response.json<{ api_key: string }>();
  return { key, headers: { authorization: `Bearer ${key}` } };
}

export function postJson(
  world: World,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return world.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Uploads an archive and answers with the hub's answer. */
export function upload(world: World, key: string, body: Uint8Array, query = ''): Promise<Response> {
  return world.fetch(`/v1/publish${query}`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
}

export interface JobAnswer {
  id: string;
  status: string;
  message: string;
  attempts: number;
  stages: { stage: string; status: string; findings: { rule: string; message: string }[] }[];
}

/** Uploads a skill, works the queue off, and answers with the finished job. */
export async function publish(world: World, key: string, options?: SkillOptions, query = ''): Promise<JobAnswer> {
  const accepted = await upload(world, key, await tarGz(options), query);
  const body = await accepted.json<{ job_id: string }>();
  if (accepted.status !== 202) throw new Error(`publish answered ${accepted.status}: ${JSON.stringify(body)}`);
  await world.drain();
  return job(world, body.job_id);
}

export async function job(world: World, id: string): Promise<JobAnswer> {
  return (await world.fetch(`/v1/jobs/${id}`)).json<JobAnswer>();
}

/** An error answer: its status, and the body that says the same. */
export async function problemOf(response: Response): Promise<Record<string, unknown>> {
  const type = response.headers.get('content-type');
  if (type !== 'application/problem+json') throw new Error(`expected a problem, got ${response.status} as ${type}`);
  const body = await response.json<Record<string, unknown>>();
  if (body.status !== response.status) throw new Error(`${response.status} came with a body that says ${body.status}`);
  return body;
}

/** Has a login code mailed to a namespace and reads it out of the mail. */
export async function mailedCode(world: World, namespace = 'acme'): Promise<string> {
  const sent = await postJson(world, '/v1/auth/login', { namespace, email: `${namespace}@example.com` });
  const [code] = /\b\d{6}\b/.exec(world.outbox.at(-1)?.text ?? '') ?? [];
  if (sent.status !== 202 || code === undefined) throw new Error(`login answered ${sent.status}`);
  return code;
}

/** A further key of a namespace, with fewer scopes. */
export async function furtherKey(world: World, key: string, scopes: string[], label = 'ci'): Promise<IssuedKey> {
  const response = await postJson(world, '/v1/keys', { label, scopes }, bearer(key));
  if (response.status !== 201) throw new Error(`POST /v1/keys answered ${response.status}`);
  const { id, api_key } = await response.json<{ id: string; api_key: string }>();
  return { id, key: api_key, headers: bearer(api_key) };
}

export interface IssuedKey {
  id: string;
  key: string;
  headers: { authorization: string };
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** The body of a GET that has to answer 200. */
export async function getJson<T>(world: World, path: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await world.fetch(path, { headers });
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
  return response.json<T>();
}

/** A POST whose body comes in chunks and without a Content-Length. */
export function streamed(path: string, headers: Record<string, string>, ...chunks: Uint8Array[]): Request {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };
  return new Request(new URL(path, 'http://hub.test'), init);
}

/** A world in which the namespace `acme` exists. */
export async function worldWithKey(overrides?: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(overrides);
  return { world, ...(await newNamespace(world)) };
}

/** What an upload leaves behind. */
export async function traces(world: World) {
  const { rows } = await world.client.execute(
    'SELECT (SELECT count(*) FROM skills) + (SELECT count(*) FROM versions) + (SELECT count(*) FROM jobs) AS n',
  );
  return { rows: rows[0]?.n, objects: world.bundles.objects.size, messages: world.queue.length };
}

export const NO_TRACES = { rows: 0, objects: 0, messages: 0 };
