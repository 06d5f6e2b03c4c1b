import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeToOutbox } from '../../cli/serve/outbox.ts';
import { outboxMailer } from '../../src/adapters/mail-outbox.ts';

const MAIL = { to: 'ada@example.com', subject: 'Your code', text: 'The code is 123456.\n.\nGrüße' };
const WORLD = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6), hex: (bytes: number) => 'ab'.repeat(bytes) };
const FILE = '2026-01-02T03-04-05.006Z-abababababababab.eml';

let root: string;
let directory: string;
let lines: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'outbox-'));
  directory = join(root, 'deep', 'outbox');
  lines = [];
});
afterEach(() => rm(root, { recursive: true }));

const log = (line: string) => lines.push(line);
const post = (body: BodyInit) => new Request('http://outbox/', { method: 'POST', body });

describe('the outbox', () => {
  it('keeps a mail as one private message file and logs its name', async () => {
    await outboxMailer({ fetch: writeToOutbox(directory, log, WORLD) }).send(MAIL);
    expect(await readdir(directory)).toEqual([FILE]);
    expect((await readFile(join(directory, FILE), 'utf8')).split('\n')).toEqual([
      'From: "Skills Hub" <skills-hub@localhost>',
      'To: ada@example.com',
      'Subject: Your code',
      'Date: Fri, 02 Jan 2026 03:04:05 +0000',
      'Message-ID: <abababababababab@localhost>',
      'Auto-Submitted: auto-generated',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'The code is 123456.',
      '.',
      'Grüße',
      '',
    ]);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, FILE))).mode & 0o777).toBe(0o600);
    expect(lines).toEqual([`mail written to ${join(directory, FILE)}`]);
  });

  it('gives every mail a file of its own', async () => {
    const mailer = outboxMailer({ fetch: writeToOutbox(directory, log) });
    await Promise.all(Array.from({ length: 20 }, () => mailer.send(MAIL)));
    expect(new Set(await readdir(directory)).size).toBe(20);
  });

  it.each([
    ['no JSON', '{"to":'],
    ['a missing field', JSON.stringify({ to: MAIL.to, subject: MAIL.subject })],
    ['a field of another type', JSON.stringify({ ...MAIL, text: ['x'] })],
    ['a field too many', JSON.stringify({ ...MAIL, bcc: 'eve@example.com' })],
    ['a header in the recipient', JSON.stringify({ ...MAIL, to: 'ada@example.com\nBcc: eve@example.com' })],
    ['a header in the subject', JSON.stringify({ ...MAIL, subject: 'Hi\r\nBcc: eve@example.com' })],
  ])('refuses %s with 400', async (_case, body) => {
    const response = await writeToOutbox(directory, log)(post(body));
    expect(response.status).toBe(400);
    await expect(stat(directory)).rejects.toThrow('ENOENT');
    expect(lines).toEqual([]);
  });

  it('refuses another method with 405', async () => {
    const response = await writeToOutbox(directory, log)(new Request('http://outbox/'));
    expect(response.status).toBe(405);
  });

  it('stops reading a body that is too large, and answers 413', async () => {
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const response = await writeToOutbox(directory, log)({ method: 'POST', body: endless });
    expect(response.status).toBe(413);
    expect(chunks).toBeLessThan(10);
  });

  it('answers 500 and logs why when the disk refuses, leaving nothing behind', async () => {
    await writeFile(join(root, 'deep'), 'a file where the directory should be');
    const mailer = outboxMailer({ fetch: writeToOutbox(directory, log) });
    await expect(mailer.send(MAIL)).rejects.toThrow(new Error('The outbox did not take the mail: it answered 500.'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^mail not written to .*: ENOTDIR/);
    expect(lines[0]).not.toMatch(/123456|Your code/);
  });

  it('leaves no half-written file when the rename fails', async () => {
    await mkdir(join(directory, FILE), { recursive: true });
    const response = await writeToOutbox(directory, log, WORLD)(post(JSON.stringify(MAIL)));
    expect(response.status).toBe(500);
    expect(await readdir(directory)).toEqual([FILE]);
  });

  it('takes mail from a Worker through a service binding', async () => {
    const contents = `
      import { outboxMailer } from './src/adapters/mail-outbox.ts';
      export default {
        async fetch(request, env) {
          await outboxMailer(env.OUTBOX).send(await request.json());
          return new Response(null, { status: 204 });
        },
      };`;
    const stdin = { contents, resolveDir: process.cwd() };
    const bundle = await build({ stdin, bundle: true, write: false, format: 'esm' });
    const worker = new Miniflare({
      modules: true,
      script: bundle.outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-07-30',
      compatibilityFlags: ['nodejs_compat'],
      serviceBindings: { OUTBOX: writeToOutbox(directory, log, WORLD) },
    });
    try {
      const response = await worker.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify(MAIL) });
      expect(response.status).toBe(204);
      expect(await readdir(directory)).toEqual([FILE]);
    } finally {
      await worker.dispose();
    }
  });
});
