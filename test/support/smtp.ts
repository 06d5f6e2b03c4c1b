import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Mail } from '../../src/core/deps.ts';

export interface ReceivedMail {
  from: string;
  recipients: string[];
  /** As it was sent, with CRLF, after the server took the dot-stuffing out. */
  raw: string;
}

export interface TestSmtpServer {
  port: number;
  mails: ReceivedMail[];
  /** `user:password` of each AUTH the server saw. */
  logins: string[];
  close(): Promise<void>;
}

/** A real SMTP server on a free loopback port that accepts `user:p4ss wörd` and refuses mail to nobody@…. */
export async function startSmtpServer(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth({ username = '', password = '' }, _session, done) {
      logins.push(`${username}:${password}`);
      if (username === 'user' && password === 'p4ss wörd') return done(null, { user: username });
      done(new Error(`Invalid login ${username} ${password}`));
    },
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody@') ? new Error(`No mailbox ${address}`) : null);
    },
    async onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope;
      const raw = await text(stream);
      mails.push({ from: mailFrom ? mailFrom.address : '', recipients: rcptTo.map(({ address }) => address), raw });
      done();
    },
    ...options,
  });
  // A client that turns the certificate down breaks the handshake; the tests look at the client.
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return { port: portOf(listener.address()), mails, logins, close: () => closing((done) => server.close(done)) };
}

export interface ScriptedServer {
  port: number;
  /** Every line the client sent. */
  lines: string[];
  close(): Promise<void>;
}

/** A server that misbehaves: greets with `greeting`, then gives `answer` each line, and hangs up on `null`. */
export async function startScriptedServer(
  greeting: string | null,
  answer: (line: string) => string | null,
): Promise<ScriptedServer> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const reply = (words: string | null) => (words === null ? socket.end() : socket.write(words));
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        lines.push(line);
        reply(answer(line));
      }
    });
    reply(greeting);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return closing((done) => server.close(done));
  };
  return { port: portOf(server.address()), lines, close };
}

export interface MailWorker {
  /** What `smtpMailer` threw, with its causes and stack, or undefined when the mail was sent. */
  send(options: { url: string; from?: string; stepTimeoutMs?: number }, mail: Mail): Promise<string | undefined>;
  close(): Promise<void>;
}

const WORKER = `
import { connect } from 'cloudflare:sockets';
import { smtpMailer } from './src/adapters/mail-smtp.ts';
const toLoopback = (address, options) =>
  connect(address.hostname === 'remote.test' ? { ...address, hostname: '127.0.0.1' } : address, options);
const world = { connect: toLoopback, clock: { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) }, random: { hex: (n) => 'ab'.repeat(n) } };
export default {
  async fetch(request) {
    const { options, mail } = await request.json();
    try {
      await smtpMailer({ ...options, ...world }).send(mail);
      return Response.json({});
    } catch (error) {
      return Response.json({ error: [error.message, error.stack, error.cause].join(' | ') });
    }
  },
};`;

/** A Worker in workerd that sends what it is told to; it trusts the usual authorities, or `trusted` alone. `remote.test` leads to loopback. */
export async function startMailWorker(trusted?: string): Promise<MailWorker> {
  const bundle = await build({
    stdin: { contents: WORKER, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['cloudflare:sockets'],
  });
  const trust = trusted === undefined ? { trustBrowserCas: true } : { trustedCertificates: [trusted] };
  const worker = new Miniflare({
    modules: true,
    script: bundle.outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-07-30',
    compatibilityFlags: ['nodejs_compat'],
    outboundService: { network: { allow: ['public', 'private'], tlsOptions: trust } },
  });
  await worker.ready;
  return {
    async send(options, mail) {
      const body = JSON.stringify({ options: { from: 'Skills Hub <hub@hub.example>', ...options }, mail });
      const response = await worker.dispatchFetch('http://worker/', { method: 'POST', body });
      const answer: unknown = await response.json();
      if (typeof answer !== 'object' || answer === null) throw new Error('The worker did not answer with an object.');
      return 'error' in answer ? String(answer.error) : undefined;
    },
    close: () => worker.dispose(),
  };
}

/** Reads a header and the body of one message the way a mail client does. */
export function decodeMessage(raw: string): { header(name: string): string | undefined; text: string } {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, end).replaceAll('\r\n ', ' ').split('\r\n');
  const header = (name: string) => {
    const line = headers.find((candidate) => candidate.startsWith(`${name}: `));
    return line === undefined ? undefined : decodeWords(line.slice(name.length + 2));
  };
  const bytes = raw
    .slice(end + 4)
    .replace(/[ \t]+\r\n/g, '\r\n')
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { header, text: Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n') };
}

function decodeWords(value: string): string {
  return value
    .replaceAll('?= =?', '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word: string) => Buffer.from(word, 'base64').toString('utf8'));
}

/** A self-signed certificate for `localhost`, valid from 2020 to 2049, made by hand in DER (RFC 5280). */
export function selfSignedCertificate(): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const name = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')))));
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231000000Z')));
  const subjectAltName = der(0x30, der(0x82, Buffer.from('localhost')));
  const extension = der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, subjectAltName));
  const body = der(
    0x30,
    Buffer.from('a003020102020101', 'hex'),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const base64 = der(0x30, body, ecdsaWithSha256, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const length = value.length;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}

function closing(close: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => close(resolve));
}
