import { basename, resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import { ADMIN_ACTS } from '../admin-acts.ts';
import { usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';
import { table } from '../terminal.ts';

/** How many characters of the last column are shown; --json has it all. */
const MAX_WORDS = 80;
const KINDS: Record<string, string | undefined> = { queue: undefined, appeals: 'appeal', reports: 'report' };

export class AdminCommand extends RegistryCommand {
  static override paths = [['admin']];
  static override usage = Command.Usage({
    category: 'Running a registry',
    description: 'Moderate a registry: what was held back, reports, appeals, bans.',
    details: `
      \`queue\` lists what waits for a person, \`appeals\` and \`reports\` a part of it. \`approve\` and \`reject\` decide about a job,
      \`grant\` and \`deny\` about an appeal, \`confirm\` and \`dismiss\` about a report, \`hide\` and \`show\` about a skill, \`ban\` and \`unban\`
      about a namespace; each needs a --reason, which its owner is told. \`moderator\` makes a namespace a moderator, for operators.
      \`download\` saves what a job holds in quarantine to a file, to look at and never to run.
      \`rescan\` examines everything again that older rules have judged. \`audit\` reads the log of all such acts.
    `,
    examples: [
      ['What waits for a person', '$0 admin queue'],
      [
        'Let a held version be published',
        '$0 admin approve 01kf3v9k0000000000000000aa --reason "A course about attacks."',
      ],
      ['Look at what was held', '$0 admin download 01kf3v9k0000000000000000aa --out held.skill'],
      ['Hide a skill', '$0 admin hide @acme/pdf-tools --reason "It sends keys away."'],
      ['Ban a namespace and hide its skills', '$0 admin ban acme --hide --reason Spam.'],
      ['Make a namespace a moderator', '$0 admin moderator acme'],
      ['What was done to a skill', '$0 admin audit @acme/pdf-tools'],
    ],
  });

  action = Option.String({ name: 'queue|approve|reject|…' });
  subject = Option.String({ required: false, name: 'job|skill|namespace|…' });
  reason = Option.String('--reason', { description: 'Why; told to the owner and kept in the audit log.' });
  hide = Option.Boolean('--hide', false, { description: 'With ban: hide the skills of the namespace too.' });
  remove = Option.Boolean('--remove', false, { description: 'With moderator: end it.' });
  out = Option.String('--out', { description: 'With download: the file to write; else <job>.skill.' });
  after = Option.String('--after', { description: 'Go on where the page before ended.' });

  protected async run(): Promise<number> {
    const { action } = this;
    if (Object.hasOwn(KINDS, action)) return this.#queue(KINDS[action]);
    if (action === 'audit') return this.#audit();
    if (action === 'rescan') return this.#rescan();
    if (action === 'download') return this.#download(this.#named());
    if (action === 'moderator') return this.#moderator(this.#named());
    return this.#decide();
  }

  async #decide(): Promise<number> {
    const { DECISIONS: decisions } = await import('../admin-decisions.ts');
    const decide = Object.hasOwn(decisions, this.action) ? decisions[this.action] : undefined;
    if (decide === undefined) {
      throw usageError(`'${this.action}' is nothing that a moderator does.`, `Use ${ADMIN_ACTS.join(', ')}.`);
    }
    const subject = this.#named();
    const { reason, hide } = this;
    if (reason === undefined || reason.trim() === '') {
      throw usageError('A decision needs a reason.', 'Add --reason "…": its owner is told, and it stays in the log.');
    }
    const { document, line } = await decide(await this.client(), { subject, reason, hide });
    this.answer(document);
    this.print(line);
    return 0;
  }

  async #queue(kind: string | undefined): Promise<number> {
    const { queueSchema } = await import('../../src/http/v1/admin-schemas.ts');
    const query = { kind, after: this.after };
    const page = await (await this.client()).admin(queueSchema, 'queue', { query });
    this.answer(page);
    if (page.items.length === 0) this.print('Nothing waits.');
    const rows = page.items.map((item) => {
      const version = item.version === null ? '' : `@${item.version}`;
      const label = `@${item.namespace}/${item.name ?? ''}${version}`;
      const words = item.rules.length > 0 ? item.rules.join(', ') : (item.text ?? '');
      return [item.kind, item.id, label, item.verdict ?? item.by ?? '', shorten(words)];
    });
    if (rows.length > 0) this.print(table(rows));
    this.#more(page.next);
    return 0;
  }

  async #audit(): Promise<number> {
    const { auditSchema } = await import('../../src/http/v1/admin-schemas.ts');
    const query = { subject: this.subject, after: this.after };
    const page = await (await this.client()).admin(auditSchema, 'audit', { query });
    this.answer(page);
    if (page.events.length === 0) this.print('Nothing is in the log.');
    const rows = page.events.map(({ at, actor, act, subject, details }) => {
      const words = Object.entries(details).map(([key, value]) => `${key}: ${String(value)}`);
      return [at, actor, act, subject, shorten(words.join('; '))];
    });
    if (rows.length > 0) this.print(table(rows));
    this.#more(page.next);
    return 0;
  }

  async #rescan(): Promise<number> {
    const { rescanSchema } = await import('../../src/http/v1/admin-schemas.ts');
    const client = await this.client();
    const rescan =
      this.subject === undefined
        ? await client.admin(rescanSchema, 'rescans', { method: 'POST' })
        : await client.admin(rescanSchema, `rescans/${encodeURIComponent(this.subject)}`, {});
    this.answer(rescan);
    const { id, state, engine_version, queued } = rescan;
    this.print(`Rescan ${id} with rules ${engine_version}: ${state}, ${queued} versions so far.`);
    return 0;
  }

  async #download(job: string): Promise<number> {
    const [{ saveNewFile }, { sha256Hex }] = await Promise.all([
      import('../new-file.ts'),
      import('../../src/format/digest.ts'),
    ]);
    const file = resolve(this.context.cwd, this.out ?? `${basename(job)}.skill`);
    const bytes = await (await this.client()).heldBundle(job);
    await saveNewFile(file, bytes);
    const sha256 = await sha256Hex(bytes);
    this.answer({ job, file, size: bytes.length, sha256 });
    this.print(`Saved ${file}: ${bytes.length} bytes, sha256 ${sha256}.`);
    this.note('It may do harm: look at it, run nothing, install it nowhere.');
    return 0;
  }

  async #moderator(namespace: string): Promise<number> {
    const { moderatorSchema } = await import('../../src/http/v1/admin-schemas.ts');
    const path = `namespaces/${encodeURIComponent(namespace)}/moderator`;
    const body = { moderator: !this.remove };
    const { moderator } = await (await this.client()).admin(moderatorSchema, path, { method: 'PUT', body });
    this.answer({ namespace, moderator });
    this.print(moderator ? `${namespace} moderates this registry now.` : `${namespace} moderates nothing any more.`);
    return 0;
  }

  #named(): string {
    if (this.subject !== undefined) return this.subject;
    throw usageError(`What is '${this.action}' about?`, 'Name the job, appeal, report, skill or namespace.');
  }

  #more(next: string | null): void {
    if (next !== null) this.print(`More: add --after ${next}`);
  }
}

/** One line of at most 80 characters; one that is longer ends between words, with `…`. */
function shorten(text: string): string {
  const line = [...text.trim().replace(/\s+/g, ' ')];
  if (line.length <= MAX_WORDS) return line.join('');
  const start = line.slice(0, MAX_WORDS - 1);
  const end = start.lastIndexOf(' ');
  return end > 0 ? `${start.slice(0, end).join('').replace(/[,;]$/, '')} …` : `${start.join('')}…`;
}
