import type { Mail, Mailer } from '../core/deps.ts';
import { isLoopback } from './mail-loopback.ts';
import { checkMail, parseSender } from './mail-message.ts';

export interface ApiMailerOptions {
  /** Where mails are posted, e.g. `https://api.example.com/emails`. */
  url: string;
  /** Sent as a bearer token. */
  key: string;
  /** `hub@example.com` or `Skills Hub <hub@example.com>`. */
  from: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Default 10 seconds, for the whole exchange. */
  timeoutMs?: number;
}

/**
 * Sends through an HTTP mail service that takes `{from, to, subject, text}` as JSON. Throws at construction when the
 * URL is neither https nor loopback, or when the key cannot be a header.
 */
export function apiMailer(options: ApiMailerOptions): Mailer {
  const { key, from, fetch, timeoutMs = 10_000 } = options;
  const url = checkUrl(options.url);
  // A key that a header cannot carry would come back inside the runtime's own error message.
  if (!/^[!-~]+$/.test(key)) throw new Error('The mail API key must be printable ASCII without spaces.');
  parseSender(from);

  return {
    async send(mail: Mail): Promise<void> {
      checkMail(mail);
      const init: RequestInit = {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ from, to: mail.to, subject: mail.subject, text: mail.text }),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      };
      const response = await fetch(url.href, init).catch((error: unknown) => {
        const reason = error instanceof Error ? error.name : 'unknown error';
        throw new Error(`The mail API at ${url.host} could not be reached (${reason}).`);
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`The mail API at ${url.host} answered ${response.status}.`);
    },
  };
}

function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !safe || url.username !== '' || url.password !== '') {
    throw new Error('The mail API URL must be https (or http on loopback) and carry no user name or password.');
  }
  return url;
}
