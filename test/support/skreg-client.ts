import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import * as z from 'zod';
import { type HubProcess, poll } from './hub-process.ts';

/** The fields that the command reads of each answer; it fails without them and passes over all others. */
export const wire = {
  key: z.object({ api_key: z.string(), namespace: z.string() }),
  accepted: z.object({ job_id: z.string(), message: z.string() }),
  job: z.object({ id: z.string(), status: z.string(), message: z.string() }),
  search: z.object({
    packages: z.array(
      z.object({
        id: z.string(),
        namespace: z.string(),
        name: z.string(),
        description: z.string().nullish(),
        category: z.string().nullish(),
        created_at: z.iso.datetime(),
        latest_version: z.string().nullish(),
        verification: z.enum(['self_signed', 'publisher']),
      }),
    ),
    total: z.number().int(),
    page: z.number().int(),
  }),
  manifest: z.object({
    namespace: z.string(),
    name: z.string(),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    description: z.string(),
    category: z.string().nullish(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    cert_chain_pem: z.array(z.string()),
    publisher_sig_hex: z.string().nullish(),
  }),
  versions: z.object({
    versions: z.array(z.object({ version: z.string(), published_at: z.iso.datetime(), sha256: z.string() })),
  }),
  preview: z.object({ files: z.array(z.unknown()), skill_md: z.string(), truncated: z.boolean() }),
  certificate: z.object({ cert: z.string(), ca_cert: z.string() }),
  message: z.object({ message: z.string() }),
  yanked: z.object({ yanked: z.number().int() }),
  diff: z.object({
    from: z.string(),
    to: z.string(),
    files: z.array(
      z.object({
        path: z.string(),
        status: z.enum(['added', 'removed', 'modified']),
        binary: z.boolean(),
        hunks: z.array(
          z.object({
            old_start: z.number().int(),
            old_lines: z.number().int(),
            new_start: z.number().int(),
            new_lines: z.number().int(),
            lines: z.array(z.object({ kind: z.enum(['context', 'insert', 'delete']), text: z.string() })),
          }),
        ),
      }),
    ),
  }),
};

export interface Answer {
  status: number;
  body: Buffer;
}

/** Sends just the headers that are given, as the command's library does: no User-Agent, no Accept-Encoding. */
export async function send(
  hub: HubProcess,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array | string,
): Promise<Answer> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(
      new URL(path, hub.url).href,
      { method, headers: { accept: '*/*', ...headers, ...length } },
      resolve,
    );
    sent.once('error', reject);
    sent.end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks) };
}

/** The body of an answer that has to have this status. */
export function read<T>(answer: Answer, status: number, schema: z.ZodType<T>): T {
  const text = answer.body.toString();
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${text}`);
  return schema.parse(JSON.parse(text));
}

export function postJson(hub: HubProcess, path: string, body: unknown, headers: Record<string, string> = {}) {
  return send(hub, 'POST', path, { 'content-type': 'application/json', ...headers }, JSON.stringify(body));
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Uploads as both generations do, and follows the job to its end. */
export async function publish(hub: HubProcess, key: string, archive: Uint8Array): Promise<string> {
  const headers = { ...bearer(key), 'content-type': 'application/octet-stream' };
  const { job_id } = read(await send(hub, 'POST', '/v1/publish', headers, archive), 202, wire.accepted);
  let job = { status: 'pending', message: '' };
  await poll(
    30_000,
    () => `the job is ${job.status}: ${job.message}`,
    async () => {
      job = read(await send(hub, 'GET', `/v1/jobs/${job_id}`), 200, wire.job);
      return ['pass', 'fail', 'quarantined'].includes(job.status);
    },
  );
  return job.status;
}

/** The text of the last mail. */
export function lastMail({ data }: HubProcess): string {
  const outbox = join(data, 'outbox');
  const [last = ''] = readdirSync(outbox).sort().slice(-1);
  return readFileSync(join(outbox, last), 'utf8');
}
