import type * as z from 'zod';
import { parseSkillRef } from '../src/format/names.ts';
import {
  bannedSchema,
  decidedSchema,
  moderatedSchema,
  reviewedSchema,
  triagedSchema,
  unbannedSchema,
} from '../src/http/v1/admin-schemas.ts';
import type { Client } from './client.ts';
import { usageError } from './failure.ts';

export interface Decision {
  /** A job, an appeal, a report, a skill or a namespace. */
  subject: string;
  reason: string;
  /** Of a ban: whether the skills go too. */
  hide: boolean;
}

export interface Outcome {
  document: object;
  /** For people. */
  line: string;
}

type Decide = (client: Client, decision: Decision) => Promise<Outcome>;

/** What a moderator decides, by the word on the command line. */
export const DECISIONS: Record<string, Decide> = {
  approve: review('approve', 'note', 'Approved'),
  reject: review('reject', 'reason', 'Rejected'),
  grant: appeal('grant', 'Granted'),
  deny: appeal('deny', 'Denied'),
  confirm: report('confirm', 'Confirmed'),
  dismiss: report('dismiss', 'Dismissed'),
  hide: skill('hide', 'Hidden'),
  show: skill('show', 'Shown again'),
  ban,
  unban,
};

function review(verb: string, field: 'note' | 'reason', done: string): Decide {
  return async (client, { subject, reason }) => {
    const document = await decide(client, reviewedSchema, ['jobs', subject, verb], { [field]: reason });
    const { namespace, name, version, changed } = document;
    return { document, line: said(done, `@${namespace}/${name}@${version}`, changed) };
  };
}

function appeal(verb: string, done: string): Decide {
  return async (client, { subject, reason }) => {
    const document = await decide(client, decidedSchema, ['appeals', subject, verb], { answer: reason });
    return { document, line: said(done, `the appeal ${subject}`, document.changed) };
  };
}

function report(verb: string, done: string): Decide {
  return async (client, { subject, reason }) => {
    const document = await decide(client, triagedSchema, ['reports', subject, verb], { reason });
    const { namespace, name, count } = document;
    return { document, line: `${done} the report about @${namespace}/${name}; ${count} of it count.` };
  };
}

function skill(verb: string, done: string): Decide {
  return async (client, { subject, reason }) => {
    const { namespace, name, range } = parseSkillRef(subject);
    if (namespace === undefined || range !== undefined) {
      throw usageError(`'${subject}' does not name a skill.`, 'Write it as @namespace/name, without a version.');
    }
    const document = await decide(client, moderatedSchema, ['skills', namespace, name, verb], { reason });
    return { document, line: said(done, `@${document.namespace}/${document.name}`, document.changed) };
  };
}

/** As often as it takes: one call hides a bounded number of skills. */
async function ban(client: Client, { subject, reason, hide }: Decision): Promise<Outcome> {
  let changed = false;
  let hidden = 0;
  for (;;) {
    const part = await decide(client, bannedSchema, ['namespaces', subject, 'ban'], { reason, hide });
    changed ||= part.changed;
    hidden += part.hidden;
    if (part.more) continue;
    const skills = hide ? ` ${hidden} skills were hidden.` : '';
    const line = `${said('Banned', `the namespace ${subject}`, changed)}${skills}`;
    return { document: { ...part, changed, hidden }, line };
  }
}

async function unban(client: Client, { subject, reason }: Decision): Promise<Outcome> {
  const document = await decide(client, unbannedSchema, ['namespaces', subject, 'unban'], { reason });
  return { document, line: said('Unbanned', `the namespace ${subject}`, document.changed) };
}

function decide<T>(client: Client, schema: z.ZodType<T>, path: string[], body: object): Promise<T> {
  return client.admin(schema, path.map(encodeURIComponent).join('/'), { method: 'POST', body });
}

function said(done: string, what: string, changed: boolean): string {
  return changed ? `${done}: ${what}.` : `${done} before: ${what}; nothing changed.`;
}
