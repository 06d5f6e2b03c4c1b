import type { Clock, Mail, Mailer, Random } from '../core/deps.ts';
import { isLoopback } from './mail-loopback.ts';
import { checkMail, composeMessage, parseSender, type Sender } from './mail-message.ts';
import { type Connect, SmtpConnection } from './mail-smtp-connection.ts';
import { parseSmtpUrl, type SmtpServer } from './mail-smtp-url.ts';

export interface SmtpMailerOptions {
  /** `smtp://user:password@host:587` (STARTTLS when offered) or `smtps://host:465`. */
  url: string;
  /** `hub@example.com` or `Skills Hub <hub@example.com>`. */
  from: string;
  /** `connect` of `cloudflare:sockets`. Cloudflare itself refuses port 25. */
  connect: Connect;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'hex'>;
  /** How long one step of the conversation may take; default 10 seconds. */
  stepTimeoutMs?: number;
}

/** Sends each mail over a connection of its own. Throws at construction when `url` or `from` is malformed. */
export function smtpMailer(options: SmtpMailerOptions): Mailer {
  const { connect, clock, random, stepTimeoutMs = 10_000 } = options;
  const server = parseSmtpUrl(options.url);
  const from = parseSender(options.from);

  return {
    async send(mail: Mail): Promise<void> {
      checkMail(mail);
      const envelope = { from, sentAt: clock.now(), id: random.hex(16) };
      const message = composeMessage(mail, envelope, 'quoted-printable');
      const connection = new SmtpConnection(connect, server, stepTimeoutMs);
      try {
        await connection.opened();
        const extensions = await greet(connection, server, from);
        await authenticate(connection, server, extensions);
        await deliver(connection, from, mail.to, message);
      } finally {
        await connection.close();
      }
    },
  };
}

/** Returns the extensions of the last EHLO, in upper case: after STARTTLS the earlier ones do not count. */
async function greet(connection: SmtpConnection, server: SmtpServer, from: Sender): Promise<string[]> {
  await connection.expect('greeting', 220);
  const extensions = await hello(connection, from);
  // A mailer on the same machine often has a certificate nobody trusts, and without credentials TLS protects nothing.
  const needless = isLoopback(server.host) && !server.credentials;
  if (connection.secure || needless || !extensions.includes('STARTTLS')) return extensions;
  await connection.command('STARTTLS', 'STARTTLS', 220);
  connection.startTls();
  return hello(connection, from, 'EHLO over TLS (is the certificate valid for this host?)');
}

async function hello(connection: SmtpConnection, from: Sender, step = 'EHLO'): Promise<string[]> {
  const { lines } = await connection.command(step, `EHLO ${from.domain}`, 250);
  return lines.slice(1).map((line) => line.trim().toUpperCase());
}

async function authenticate(connection: SmtpConnection, server: SmtpServer, extensions: string[]): Promise<void> {
  if (!server.credentials) return;
  if (!connection.secure && !isLoopback(server.host)) {
    throw connection.failure('AUTH', 'the server offers no TLS, so the credentials were not sent');
  }
  const { user, password } = server.credentials;
  const mechanisms = extensions.find((line) => line.startsWith('AUTH '))?.split(/\s+/) ?? [];
  if (mechanisms.includes('PLAIN')) {
    await connection.command('AUTH', `AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235);
    return;
  }
  if (!mechanisms.includes('LOGIN')) throw connection.failure('AUTH', 'the server offers neither PLAIN nor LOGIN');
  await connection.command('AUTH', 'AUTH LOGIN', 334);
  await connection.command('AUTH', base64(user), 334);
  await connection.command('AUTH', base64(password), 235);
}

async function deliver(connection: SmtpConnection, from: Sender, to: string, message: string): Promise<void> {
  await connection.command('MAIL FROM', `MAIL FROM:<${from.address}>`, 250);
  await connection.command('RCPT TO', `RCPT TO:<${to}>`, 250, 251);
  await connection.command('DATA', 'DATA', 354);
  await connection.command('message', `${message.replace(/(^|\r\n)\./g, '$1..')}.`, 250);
  // The server has the mail: an error from here on would make the caller send it twice.
  await connection.command('QUIT', 'QUIT', 221).catch(() => undefined);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
