import type { Mail, Mailer } from '../core/deps.ts';
import { checkMail } from './mail-message.ts';

/** A service binding, or anything else that answers a request. */
export interface OutboxService {
  fetch(request: Request): Promise<Response>;
}

/** Hands each mail as JSON to a service binding; a self-hosted hub binds a Node function that writes a file. */
export function outboxMailer(service: OutboxService): Mailer {
  return {
    async send(mail: Mail): Promise<void> {
      checkMail(mail);
      const body = JSON.stringify({ to: mail.to, subject: mail.subject, text: mail.text });
      const headers = { 'content-type': 'application/json' };
      const response = await service.fetch(new Request('http://outbox/', { method: 'POST', headers, body }));
      await response.body?.cancel();
      if (!response.ok) throw new Error(`The outbox did not take the mail: it answered ${response.status}.`);
    },
  };
}
