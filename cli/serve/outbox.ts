import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { checkMail, composeMessage, parseSender } from '../../src/adapters/mail-message.ts';

/** What the handler reads of a request: Node's, Miniflare's and the Worker's all have it. */
export interface OutboxRequest {
  method: string;
  body: AsyncIterable<Uint8Array> | null;
}

/** Where time and file names come from; tests fix them. */
export interface OutboxWorld {
  now(): number;
  hex(bytes: number): string;
}

const MAX_BODY_BYTES = 256 * 1024;
const SENDER = parseSender('Skills Hub <skills-hub@localhost>');
const NODE_WORLD: OutboxWorld = { now: () => Date.now(), hex: (bytes) => randomBytes(bytes).toString('hex') };

const mailSchema = z.strictObject({ to: z.string(), subject: z.string().max(998), text: z.string() });
type OutboxMail = z.infer<typeof mailSchema>;

/**
 * The Node side of the outbox: a request handler that keeps each mail it is posted as one `.eml` file in `directory`
 * (made with mode 0700, the files with 0600). A file appears whole or not at all. `log` gets one line a mail with the
 * file's name, never the mail. Line ends are LF, as in a maildir. Answers 204, 400, 405, 413, or 500 when the disk
 * refuses.
 */
export function writeToOutbox(directory: string, log: (line: string) => void, world: OutboxWorld = NODE_WORLD) {
  return async (request: OutboxRequest): Promise<Response> => {
    if (request.method !== 'POST') return answer(405, 'The outbox takes POST only.');
    const body = await readBody(request.body);
    if (body === undefined) return answer(413, `A mail may have ${MAX_BODY_BYTES} bytes.`);
    const mail = parseMail(body);
    if (!mail) return answer(400, 'Expected JSON with to (one address), subject (one line) and text.');
    try {
      log(`mail written to ${await store(directory, mail, world)}`);
      return new Response(null, { status: 204 });
    } catch (error) {
      log(`mail not written to ${directory}: ${error instanceof Error ? error.message : 'unknown error'}`);
      return answer(500, 'The mail could not be written; the log of the server says why.');
    }
  };
}

async function readBody(body: OutboxRequest['body']): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseMail(body: string): OutboxMail | undefined {
  try {
    const mail = mailSchema.parse(JSON.parse(body));
    checkMail(mail);
    return mail;
  } catch {
    // What zod and JSON.parse say may quote the mail; the caller's 400 says enough.
    return undefined;
  }
}

async function store(directory: string, mail: OutboxMail, world: OutboxWorld): Promise<string> {
  const sentAt = world.now();
  const id = world.hex(8);
  const message = composeMessage(mail, { from: SENDER, sentAt, id }, '8bit').replaceAll('\r\n', '\n');
  const name = `${new Date(sentAt).toISOString().replaceAll(':', '-')}-${id}.eml`;
  const file = join(directory, name);
  const draft = join(directory, `.${name}.tmp`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    await writeFile(draft, message, { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return file;
}

function answer(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
