import type * as z from 'zod';
import { DEFAULT_LIMITS } from '../src/format/limits.ts';
import * as admin from '../src/http/v1/admin-schemas.ts';
import * as wire from '../src/http/v1/schemas.ts';
import type { SendOptions } from './context.ts';
import { CodedError } from './failure.ts';
import { type Connection, parseJson, readBody, send } from './http.ts';

/** A registry may take larger uploads than most do. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;
const MAX_JSON_BYTES = 8 * 1024 * 1024;
const MAX_SIGNATURE_BYTES = 4096;
/** In ASCII armour, which is longer than what the registry takes. */
const MAX_PGP_SIGNATURE_BYTES = 32 * 1024;

export interface Address {
  namespace: string;
  name: string;
}

export interface Upload {
  body: ReadableStream<Uint8Array>;
  /** Its content type: of an archive, or of a form with one. */
  type: string;
  /** SHA-256 of the body, 32 bytes in hex. */
  sha256: string;
  query: Record<string, string | undefined>;
  /** The publisher's OpenPGP signature over the body. */
  signature?: Uint8Array | undefined;
}

export interface Call {
  method?: string;
  /** Sent as JSON. */
  body?: object;
  query?: Record<string, string | undefined>;
}

/** As `/v1/search` takes it; several tags or frameworks with commas between. */
export interface SearchQuery {
  q: string;
  page?: string | undefined;
  limit?: string | undefined;
  category?: string | undefined;
  namespace?: string | undefined;
  author?: string | undefined;
  tag?: string | undefined;
  framework?: string | undefined;
  sort?: string | undefined;
  verified?: string | undefined;
}

/** The endpoints of `/v1` that the command line needs; answers are checked against the wire shapes. */
export class Client {
  readonly registry: string;
  readonly #connection: Connection;
  #isAsked = false;

  constructor(connection: Connection) {
    this.registry = connection.registry;
    const fetch: Connection['fetch'] = (url, options) => {
      this.#isAsked = true;
      return connection.fetch(url, options);
    };
    this.#connection = { ...connection, fetch };
  }

  /** Whether the registry was asked anything. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  createNamespace(slug: string, email: string) {
    return this.#json(wire.issuedKeySchema, '/v1/namespaces', post({ slug, email }));
  }

  async sendCode(namespace: string, email: string): Promise<void> {
    await send(this.#connection, '/v1/auth/login', post({ namespace, email }));
  }

  redeemCode(namespace: string, otp: string) {
    return this.#json(wire.issuedKeySchema, '/v1/auth/token', post({ namespace, otp }));
  }

  whoami() {
    return this.#json(wire.whoamiSchema, '/v1/whoami');
  }

  publish({ body, type, sha256, query, signature }: Upload) {
    const digest = Buffer.from(sha256, 'hex').toString('base64');
    const signed = signature && { 'x-publisher-signature': Buffer.from(signature).toString('base64') };
    const headers = { 'content-type': type, 'content-digest': `sha-256=:${digest}:`, ...signed };
    return this.#json(wire.publishedSchema, `/v1/publish${toQuery(query)}`, {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    });
  }

  job(id: string) {
    return this.#json(wire.jobSchema, `/v1/jobs/${encodeURIComponent(id)}`);
  }

  search(query: SearchQuery) {
    return this.#json(wire.searchSchema, `/v1/search${toQuery({ ...query })}`);
  }

  /** @param version a version, a range, `latest` or another tag */
  package(address: Address, version: string) {
    return this.#json(wire.packageSchema, `${packagePath(address)}/${encodeURIComponent(version)}`);
  }

  versions(address: Address) {
    return this.#json(wire.versionsSchema, `${packagePath(address)}/versions`);
  }

  downloads(address: Address) {
    return this.#json(wire.downloadsSchema, `${packagePath(address)}/downloads`);
  }

  findings(address: Address, version: string) {
    return this.#json(wire.verdictSchema, `${packagePath(address)}/${encodeURIComponent(version)}/findings`);
  }

  preview(address: Address, version: string) {
    return this.#json(wire.previewSchema, `${packagePath(address)}/${encodeURIComponent(version)}/preview`);
  }

  yank(address: Address, version: string) {
    return this.#json(wire.yankedSchema, `${packagePath(address)}/${encodeURIComponent(version)}/yank`, {
      method: 'POST',
    });
  }

  unyank(address: Address, version: string) {
    return this.#json(wire.unyankedSchema, `${packagePath(address)}/${encodeURIComponent(version)}/unyank`, {
      method: 'POST',
    });
  }

  tag(address: Address, tag: string, version: string) {
    const options = { ...post({ version }), method: 'PUT' };
    return this.#json(wire.taggedSchema, tagPath(address, tag), options);
  }

  async untag(address: Address, tag: string): Promise<void> {
    await send(this.#connection, tagPath(address, tag), { method: 'DELETE' });
  }

  /** @param from the size of the log that was seen last */
  logProof(address: Address, version: string, from: number | undefined) {
    const { namespace, name } = address;
    const path = [namespace, name, version].map(encodeURIComponent).join('/');
    return this.#json(wire.logProofSchema, `/v1/log/proof/${path}${toQuery({ from: from?.toString() })}`);
  }

  /** @param from as of `logProof` */
  logCheckpoint(from: number | undefined) {
    return this.#json(wire.logCheckpointSchema, `/v1/log/checkpoint${toQuery({ from: from?.toString() })}`);
  }

  pgpKeys(namespace: string) {
    return this.#json(wire.pgpKeysSchema, pgpKeysPath(namespace));
  }

  addPgpKey(namespace: string, armored: string) {
    const headers = { 'content-type': 'application/pgp-keys' };
    return this.#json(wire.registeredPgpKeySchema, pgpKeysPath(namespace), { method: 'POST', headers, body: armored });
  }

  async removePgpKey(namespace: string, fingerprint: string): Promise<void> {
    const path = `${pgpKeysPath(namespace)}/${encodeURIComponent(fingerprint)}`;
    await send(this.#connection, path, { method: 'DELETE' });
  }

  appealJob(id: string, text: string) {
    return this.#json(admin.appealedSchema, `/v1/jobs/${encodeURIComponent(id)}/appeal`, post({ text }));
  }

  appealSkill(address: Address, text: string) {
    return this.#json(admin.appealedSchema, `${packagePath(address)}/appeal`, post({ text }));
  }

  /** @param after the last appeal of the page before */
  appeals(after?: string) {
    return this.#json(admin.appealsSchema, `/v1/appeals${toQuery({ after })}`);
  }

  /** An endpoint of `/v1/admin`. @param path what follows that */
  admin<T>(schema: z.ZodType<T>, path: string, call: Call): Promise<T> {
    return this.call(schema, `admin/${path}`, call);
  }

  /** An endpoint that answers with JSON. @param path what follows `/v1/` */
  call<T>(schema: z.ZodType<T>, path: string, { method = 'GET', body, query = {} }: Call = {}): Promise<T> {
    const options = body === undefined ? { method } : { ...post(body), method };
    return this.#json(schema, `/v1/${path}${toQuery(query)}`, options);
  }

  /** One that answers with nothing. @param path what follows `/v1/` */
  async tell(method: string, path: string): Promise<void> {
    await send(this.#connection, `/v1/${path}`, { method });
  }

  /** What vetting held or refused, as it was uploaded. */
  async heldBundle(jobId: string): Promise<Uint8Array> {
    const path = `/v1/admin/jobs/${encodeURIComponent(jobId)}/bundle`;
    const response = await send(this.#connection, path, { headers: { accept: '*/*' } });
    return readBody(this.registry, response, MAX_HELD_BYTES);
  }

  keys() {
    return this.#json(wire.registryKeysSchema, '/v1/keys/registry');
  }

  async download(address: Address, version: string, onChunk?: (bytes: number) => void): Promise<Uint8Array> {
    const response = await send(this.#connection, downloadPath(address, version), { headers: { accept: '*/*' } });
    return readBody(this.registry, response, DEFAULT_LIMITS.maxArchiveBytes, onChunk);
  }

  async signature(address: Address, version: string): Promise<Uint8Array> {
    const response = await send(this.#connection, `${downloadPath(address, version)}/sig`, {
      headers: { accept: '*/*' },
    });
    return readBody(this.registry, response, MAX_SIGNATURE_BYTES);
  }

  /** The publisher's OpenPGP signature, in ASCII armour. */
  async publisherSignature(address: Address, version: string): Promise<string> {
    const path = `${downloadPath(address, version)}/asc`;
    const response = await send(this.#connection, path, { headers: { accept: '*/*' } });
    return new TextDecoder().decode(await readBody(this.registry, response, MAX_PGP_SIGNATURE_BYTES));
  }

  async #json<T>(schema: z.ZodType<T>, path: string, options?: Partial<SendOptions>): Promise<T> {
    const response = await send(this.#connection, path, options);
    const text = new TextDecoder().decode(await readBody(this.registry, response, MAX_JSON_BYTES));
    const answer = schema.safeParse(parseJson(text));
    if (answer.success) return answer.data;
    const [place] = path.split('?');
    const message = `The registry ${this.registry} does not answer ${place} as a Skills Hub does.`;
    throw new CodedError(
      'unexpected_answer',
      message,
      'Check the address, and that this command line is as new as the registry.',
      1,
      { cause: answer.error },
    );
  }
}

function post(body: unknown): Partial<SendOptions> {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function packagePath({ namespace, name }: Address): string {
  return `/v1/packages/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

function pgpKeysPath(namespace: string): string {
  return `/v1/namespaces/${encodeURIComponent(namespace)}/pgp-keys`;
}

function tagPath(address: Address, tag: string): string {
  return `${packagePath(address)}/tags/${encodeURIComponent(tag)}`;
}

function downloadPath({ namespace, name }: Address, version: string): string {
  return `/v1/download/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
}

function toQuery(values: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined) query.set(key, value);
  return query.size === 0 ? '' : `?${query}`;
}
