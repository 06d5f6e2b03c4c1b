import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeToOutbox } from '../../cli/serve/outbox.ts';
import { apiMailer } from '../../src/adapters/mail-api.ts';
import { outboxMailer } from '../../src/adapters/mail-outbox.ts';
import type { Mail, Mailer } from '../../src/core/deps.ts';
import { decodeMessage, startMailWorker, startSmtpServer } from '../support/smtp.ts';

/** A mailer, what reached the other side, and a mailer whose other side refuses. */
interface MailWorld {
  mailer: Mailer;
  refused: Mailer;
  delivered(): Promise<Mail[]>;
  close(): Promise<void>;
}

const SECRET = 'hunter2-secret';
const MAIL: Mail = { to: 'ada@example.com', subject: 'Your code', text: 'The code is 123456.\n' };

function describeMailer(name: string, open: () => Promise<MailWorld>) {
  describe(`${name} mailer`, () => {
    let world: MailWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it('delivers recipient, subject and text', async () => {
      await world.mailer.send(MAIL);
      expect(await world.delivered()).toEqual([MAIL]);
    });

    it('keeps letters of any language, lines of dots and long lines', async () => {
      const text = `Grüße, 世界 🎉\n.\n..dots\n\nend = ${'long '.repeat(400)}\ttab \nhttps://hub.example/?a=3D&b=1\n`;
      const mail = { ...MAIL, subject: `Ihr Schlüssel — 鍵 🔑 ${'weiter '.repeat(20)}`, text };
      await world.mailer.send(mail);
      expect(await world.delivered()).toEqual([mail]);
    });

    it('keeps a subject that looks like an encoded word', async () => {
      const mail = { ...MAIL, subject: '=?UTF-8?B?aGk=?=' };
      await world.mailer.send(mail);
      expect(await world.delivered()).toEqual([mail]);
    });

    it.each([
      'ada@example.com\r\nBcc: eve@example.com',
      'ada@example.com\nBcc: eve@example.com',
      'ada@example.com> RCPT TO:<eve@example.com',
      'ada@example.com, eve@example.com',
      'Ada <ada@example.com>',
      'ada@example.com\0',
      '@example.com',
      'ada',
      '',
    ])('refuses the recipient %j', async (to) => {
      await expect(world.mailer.send({ ...MAIL, to })).rejects.toThrow(/recipient must be one plain ASCII address/);
      expect(await world.delivered()).toEqual([]);
    });

    it.each(['Hi\r\nBcc: eve@example.com', 'Hi\nBcc: eve@example.com', 'Hi\rBcc: x', 'Hi\0'])(
      'refuses the subject %j',
      async (subject) => {
        await expect(world.mailer.send({ ...MAIL, subject })).rejects.toThrow(/subject must be one line/);
        expect(await world.delivered()).toEqual([]);
      },
    );

    it('says that the other side refused, without text or credentials', async () => {
      const error = await world.refused.send(MAIL).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof Error)) throw new Error('The refused mail did not end in an Error.');
      expect(error.message).not.toBe('');
      for (const secret of [SECRET, btoa(`\0user\0${SECRET}`), '123456', MAIL.subject]) {
        expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain(secret);
      }
    });
  });
}

describeMailer('SMTP', async () => {
  const [server, worker] = await Promise.all([startSmtpServer(), startMailWorker()]);
  const through = (url: string): Mailer => ({
    async send(mail) {
      const error = await worker.send({ url }, mail);
      if (error !== undefined) throw new Error(error);
    },
  });
  return {
    mailer: through(`smtp://127.0.0.1:${server.port}`),
    refused: through(`smtp://user:${SECRET}@127.0.0.1:${server.port}`),
    async delivered() {
      return server.mails.map(({ recipients, raw }) => readMessage(recipients.join(), raw));
    },
    async close() {
      await Promise.all([server.close(), worker.close()]);
    },
  };
});

describeMailer('API', async () => {
  const mails: Mail[] = [];
  const from = 'hub@hub.example';
  const fetch = async (_url: string, init: RequestInit) => {
    if (new Headers(init.headers).get('authorization') !== 'Bearer right-key') {
      return new Response(String(init.body), { status: 401, statusText: SECRET });
    }
    const body: Mail & { from?: string } = JSON.parse(String(init.body));
    const { from: sender, ...mail } = body;
    if (sender !== from) return new Response(null, { status: 422 });
    mails.push(mail);
    return new Response(null, { status: 200 });
  };
  const mailer = (key: string) => apiMailer({ url: 'https://api.example.com/emails', key, from, fetch });
  return {
    mailer: mailer('right-key'),
    refused: mailer(SECRET),
    delivered: async () => mails,
    close: async () => undefined,
  };
});

describeMailer('outbox', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'outbox-'));
  return {
    mailer: outboxMailer({ fetch: writeToOutbox(directory, () => undefined) }),
    refused: outboxMailer({ fetch: async (request) => new Response(request.body, { status: 500 }) }),
    async delivered() {
      const files = (await readdir(directory)).filter((file) => file.endsWith('.eml')).sort();
      const messages = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
      return messages.map(readOutboxFile);
    },
    close: () => rm(directory, { recursive: true }),
  };
});

function readMessage(recipients: string, raw: string): Mail {
  const { header, text } = decodeMessage(raw);
  expect(header('To')).toBe(recipients);
  return { to: recipients, subject: header('Subject') ?? '', text };
}

function readOutboxFile(file: string): Mail {
  const end = file.indexOf('\n\n');
  const { header } = decodeMessage(`${file.slice(0, end).replaceAll('\n', '\r\n')}\r\n\r\n`);
  return { to: header('To') ?? '', subject: header('Subject') ?? '', text: file.slice(end + 2) };
}
