import { createHash } from 'node:crypto';
import { postJson, type SkillOptions, skill } from './skills.ts';
import type { World } from './world.ts';

export interface SentFile {
  path: string;
  size: number;
  sha256: string;
  contentType: string;
  storageId: string;
  uploadTicket: string;
}

const TEXT = 'text/markdown';

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What a client announces of a file. */
export const announced = (path: string, bytes: Uint8Array) => ({
  path,
  size: bytes.length,
  sha256: sha256Of(bytes),
  contentType: TEXT,
});

export type Headers = Record<string, string>;

/** Announces a file and answers with the ticket. */
export async function ticketFor(world: World, headers: Headers, path: string, bytes: Uint8Array) {
  const response = await postJson(world, '/api/v1/skills/-/upload-url', announced(path, bytes), headers);
  if (response.status !== 200) throw new Error(`upload-url answered ${response.status}: ${await response.text()}`);
  return response.json<{ uploadUrl: string; uploadTicket: string }>();
}

/** Sends bytes to a ticket's URL. */
export const sendTo = (world: World, headers: Headers, url: string, body: Uint8Array) =>
  world.fetch(url, { method: 'POST', headers: { ...headers, 'content-type': TEXT }, body });

/** Sends every file of a skill the way a new client does. */
export async function sendFiles(world: World, headers: Headers, options?: SkillOptions): Promise<SentFile[]> {
  const sent: SentFile[] = [];
  for (const { path, bytes } of skill(options).files) {
    const { uploadUrl, uploadTicket } = await ticketFor(world, headers, path, bytes);
    const response = await sendTo(world, headers, uploadUrl, bytes);
    if (response.status !== 200) throw new Error(`upload answered ${response.status}: ${await response.text()}`);
    const { storageId } = await response.json<{ storageId: string }>();
    sent.push({ ...announced(path, bytes), storageId, uploadTicket });
  }
  return sent;
}

/** The JSON of a publish as a new client sends it, but for what a test wants otherwise. */
export const payload = (overrides: Record<string, unknown> = {}) => ({
  slug: 'pdf-tools',
  displayName: 'Pdf Tools',
  ownerHandle: 'acme',
  version: '1.0.0',
  changelog: '',
  acceptLicenseTerms: true,
  tags: ['latest'],
  ...overrides,
});

/** Publishes with tickets. */
export const publishJson = (world: World, headers: Headers, files: unknown[], overrides?: Record<string, unknown>) =>
  postJson(world, '/api/v1/skills', { ...payload(overrides), files }, headers);

/** Publishes with a form, as older clients do. */
export function publishForm(
  world: World,
  headers: Headers,
  options?: SkillOptions,
  overrides?: Record<string, unknown>,
): Promise<Response> {
  const form = new FormData();
  form.set('payload', JSON.stringify(payload(overrides)));
  for (const { path, bytes } of skill(options).files) form.append('files', new Blob([bytes], { type: TEXT }), path);
  return world.fetch('/api/v1/skills', { method: 'POST', headers, body: form });
}

/** An error answer: its status and its text; anything but plain text that nobody may keep is a mistake. */
export async function refusalOf(response: Response): Promise<{ status: number; text: string }> {
  const type = response.headers.get('content-type');
  const cache = response.headers.get('cache-control');
  const text = await response.text();
  if (type !== 'text/plain; charset=utf-8' || cache !== 'no-store') {
    throw new Error(`expected a text that is not kept, got ${response.status} as ${type}, ${cache}: ${text}`);
  }
  return { status: response.status, text };
}
