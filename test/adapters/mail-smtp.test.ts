import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseSmtpUrl } from '../../src/adapters/mail-smtp-url.ts';
import {
  decodeMessage,
  type MailWorker,
  selfSignedCertificate,
  startMailWorker,
  startScriptedServer,
  startSmtpServer,
} from '../support/smtp.ts';

const MAIL = { to: 'ada@example.com', subject: 'Your code', text: 'The code is 123456.' };
const LOGIN = 'user:p4ss%20w%C3%B6rd';
const SECRETS = [/123456/, /Your code/, /p4ss/, /w.rd/, /user/, /dXNlcg/, /AHVzZXI/];
const certificate = selfSignedCertificate();

let worker: MailWorker;
let trustingWorker: MailWorker;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [worker, trustingWorker] = await Promise.all([startMailWorker(), startMailWorker(certificate.cert)]);
});
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});
afterAll(async () => {
  await Promise.all([worker.close(), trustingWorker.close()]);
});

function closeLater<T extends { close(): Promise<void> }>(server: T): T {
  cleanups.push(() => server.close());
  return server;
}

async function smtp(...args: Parameters<typeof startSmtpServer>) {
  return closeLater(await startSmtpServer(...args));
}

async function scripted(...args: Parameters<typeof startScriptedServer>) {
  return closeLater(await startScriptedServer(...args));
}

function expectNoSecret(error: string | undefined) {
  for (const secret of SECRETS) expect(error).not.toMatch(secret);
}

describe('a mail over SMTP', () => {
  it('arrives with its envelope and headers', async () => {
    const server = await smtp();
    expect(await worker.send({ url: `smtp://127.0.0.1:${server.port}` }, MAIL)).toBeUndefined();
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]).toMatchObject({ from: 'hub@hub.example', recipients: ['ada@example.com'] });
    expect(server.mails[0]?.raw.split('\r\n')).toEqual([
      'From: "Skills Hub" <hub@hub.example>',
      'To: ada@example.com',
      'Subject: Your code',
      'Date: Fri, 02 Jan 2026 03:04:05 +0000',
      `Message-ID: <${'ab'.repeat(16)}@hub.example>`,
      'Auto-Submitted: auto-generated',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'The code is 123456.',
      '',
    ]);
    expect(server.logins).toEqual([]);
  });

  it('keeps every line short and ASCII, whatever the text', async () => {
    const server = await smtp();
    const mail = { ...MAIL, subject: '日本語 '.repeat(40), text: `${'é.'.repeat(400)}\n.\n..\n= \n` };
    expect(await worker.send({ url: `smtp://127.0.0.1:${server.port}` }, mail)).toBeUndefined();
    const raw = server.mails[0]?.raw ?? '';
    expect(raw).toMatch(/^[\r\n -~]+$/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
    expect(decodeMessage(raw).header('Subject')).toBe(mail.subject);
    expect(decodeMessage(raw).text).toBe(mail.text);
  });

  it.each(['PLAIN', 'LOGIN'])('logs in with AUTH %s on loopback', async (mechanism) => {
    const server = await smtp({ authOptional: false, authMethods: [mechanism] });
    expect(await worker.send({ url: `smtp://${LOGIN}@127.0.0.1:${server.port}` }, MAIL)).toBeUndefined();
    expect(server.logins).toEqual(['user:p4ss wörd']);
    expect(server.mails).toHaveLength(1);
  });

  it('logs in after STARTTLS, when the certificate is trusted', async () => {
    const server = await smtp({ ...certificate, disabledCommands: [], allowInsecureAuth: false, authOptional: false });
    expect(await trustingWorker.send({ url: `smtp://${LOGIN}@localhost:${server.port}` }, MAIL)).toBeUndefined();
    expect(server.logins).toEqual(['user:p4ss wörd']);
    expect(server.mails).toHaveLength(1);
  });

  it('logs in over smtps', async () => {
    const server = await smtp({ ...certificate, secure: true, authOptional: false });
    expect(await trustingWorker.send({ url: `smtps://${LOGIN}@localhost:${server.port}` }, MAIL)).toBeUndefined();
    expect(server.logins).toEqual(['user:p4ss wörd']);
    expect(server.mails).toHaveLength(1);
  });

  it('goes to a loopback server without credentials in the clear, although the server offers STARTTLS', async () => {
    const server = await smtp({ ...certificate, disabledCommands: [] });
    expect(await worker.send({ url: `smtp://127.0.0.1:${server.port}` }, MAIL)).toBeUndefined();
    expect(server.mails).toHaveLength(1);
  });
});

describe('credentials stay here', () => {
  it('when the certificate after STARTTLS is not trusted', async () => {
    const server = await smtp({ ...certificate, disabledCommands: [] });
    const error = await worker.send({ url: `smtp://${LOGIN}@localhost:${server.port}` }, MAIL);
    expect(error).toMatch(/SMTP server localhost:\d+, EHLO over TLS \(is the certificate valid for this host\?\): /);
    expectNoSecret(error);
    expect(server.logins).toEqual([]);
    expect(server.mails).toEqual([]);
  });

  it('when the certificate of smtps is for another host', async () => {
    const server = await smtp({ ...certificate, secure: true });
    const error = await trustingWorker.send({ url: `smtps://${LOGIN}@127.0.0.1:${server.port}` }, MAIL);
    expect(error).toMatch(/SMTP server 127\.0\.0\.1:\d+, (connect|greeting): /);
    expect(server.logins).toEqual([]);
  });

  it('when a reply was slipped in before the TLS handshake', async () => {
    const server = await scripted('220 hello\r\n', (line) =>
      line === 'STARTTLS' ? '220 go\r\n250 AUTH PLAIN\r\n' : '250-hi\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n',
    );
    const error = await worker.send({ url: `smtp://${LOGIN}@localhost:${server.port}` }, MAIL);
    expect(error).toMatch(/STARTTLS: sent data ahead of the TLS handshake/);
    expect(server.lines).toEqual(['EHLO hub.example', 'STARTTLS']);
  });

  it('when another machine offers no TLS', async () => {
    const server = await scripted('220 hello\r\n', () => '250-hi\r\n250 AUTH PLAIN\r\n');
    const error = await worker.send({ url: `smtp://${LOGIN}@remote.test:${server.port}` }, MAIL);
    expect(error).toMatch(/AUTH: the server offers no TLS, so the credentials were not sent/);
    expectNoSecret(error);
    expect(server.lines).toEqual(['EHLO hub.example']);
  });

  it('when the server offers no mechanism we speak', async () => {
    const server = await scripted('220 hello\r\n', () => '250-hi\r\n250 AUTH CRAM-MD5\r\n');
    const error = await worker.send({ url: `smtp://${LOGIN}@localhost:${server.port}` }, MAIL);
    expect(error).toMatch(/AUTH: the server offers neither PLAIN nor LOGIN/);
    expect(server.lines).toEqual(['EHLO hub.example']);
  });
});

describe('a failure names server, step and code, and no secret', () => {
  it('when the login is refused with an answer that repeats it', async () => {
    const server = await smtp();
    const error = await worker.send({ url: `smtp://user:p4ss-wrong@localhost:${server.port}` }, MAIL);
    expect(error).toMatch(/^Mail not sent: SMTP server localhost:\d+, AUTH: refused with 535\./);
    expectNoSecret(error);
    expect(server.logins).toEqual(['user:p4ss-wrong']);
  });

  it('when the recipient is refused', async () => {
    const server = await smtp();
    const error = await worker.send({ url: `smtp://127.0.0.1:${server.port}` }, { ...MAIL, to: 'nobody@example.com' });
    expect(error).toMatch(/^Mail not sent: SMTP server 127\.0\.0\.1:\d+, RCPT TO: refused with 550\./);
    expect(error).not.toMatch(/nobody/);
    expect(server.mails).toEqual([]);
  });

  it('when the server gives an enhanced status', async () => {
    const server = await scripted('220 hello\r\n', (line) =>
      line.startsWith('MAIL') ? '550 5.7.1 no 123456\r\n' : '250 hi\r\n',
    );
    const error = await worker.send({ url: `smtp://localhost:${server.port}` }, MAIL);
    expect(error).toMatch(/MAIL FROM: refused with 550 5\.7\.1\. \|/);
    expectNoSecret(error);
  });

  it.each([
    ['hangs up at once', null, /greeting: the server closed the connection/],
    ['speaks another protocol', 'HTTP/1.1 400 Bad Request\r\n', /greeting: the answer is not SMTP/],
    ['is busy', '421 later\r\n', /greeting: refused with 421\./],
    ['never ends a line', `220 ${'x'.repeat(20_000)}`, /greeting: the answer is too long/],
    ['never ends a reply', '220-x\r\n'.repeat(5_000), /greeting: the answer is too long/],
    ['says nothing', '', /greeting: no answer within 200 ms/],
  ])('when the server %s', async (_case, greeting, expected) => {
    const server = await scripted(greeting, () => '250 hi\r\n');
    expect(await worker.send({ url: `smtp://localhost:${server.port}`, stepTimeoutMs: 200 }, MAIL)).toMatch(expected);
  });

  it('when nobody listens', async () => {
    const server = await startSmtpServer();
    await server.close();
    const error = await worker.send({ url: `smtp://${LOGIN}@127.0.0.1:${server.port}` }, MAIL);
    expect(error).toMatch(/SMTP server 127\.0\.0\.1:\d+, connect: /);
    expectNoSecret(error);
  });

  it('but not when the server took the mail and then hangs up', async () => {
    const server = await scripted('220 hello\r\n', (line) => {
      if (line === 'QUIT') return null;
      if (line === 'DATA') return '354 go\r\n';
      return line === '.' || /^(EHLO|MAIL|RCPT)/.test(line) ? '250 ok\r\n' : '';
    });
    expect(await worker.send({ url: `smtp://localhost:${server.port}` }, MAIL)).toBeUndefined();
    expect(server.lines.at(-1)).toBe('QUIT');
  });
});

describe('the URL', () => {
  it('gives host, port, TLS and credentials', () => {
    expect(parseSmtpUrl('smtp://127.0.0.1:2525')).toEqual({ host: '127.0.0.1', port: 2525, implicitTls: false });
    expect(parseSmtpUrl('smtp://mail.example.com').port).toBe(587);
    expect(parseSmtpUrl('smtps://me%40x.io:a%2Fb@mail.example.com/')).toEqual({
      host: 'mail.example.com',
      port: 465,
      implicitTls: true,
      credentials: { user: 'me@x.io', password: 'a/b' },
    });
  });

  it.each([
    'mail.example.com:25',
    'https://user:hunter2@mail.example.com',
    'smtp://user:hunter2@mail.example.com:99999',
    'smtp://user:hunter2%zz@mail.example.com',
    'smtp://user:hunter2@mail.example.com/?tls=no',
    'smtp:///',
  ])('%s is refused without being repeated', (url) => {
    expect(() => parseSmtpUrl(url)).toThrow(
      /^The SMTP URL must look like smtp:\/\/user:password@mail\.example\.com:587/,
    );
    expect(() => parseSmtpUrl(url)).not.toThrow(/hunter2/);
  });
});
