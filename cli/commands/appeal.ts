import { Command, Option } from 'clipanion';
import type { Client } from '../client.ts';
import { usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';

export class AppealCommand extends RegistryCommand {
  static override paths = [['appeal']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Have a person look again at a version that was held or rejected, or a skill that was hidden.',
    details: `
      Names the job that publishing told, or the skill that was hidden, and says with --message why the decision is wrong; without it
      you are asked, and \`-\` reads it from stdin. One open appeal each, three in all. The answer is mailed, and \`--list\` shows it.

      With \`--json\`: \`{id, state, subject}\`, and with --list a page of \`GET /v1/appeals\`.
    `,
    examples: [
      ['Against a version that was held', '$0 appeal 01kf3v9k0000000000000000aa --message "It teaches about attacks."'],
      ['Against the hiding of a skill', '$0 appeal @acme/pdf-tools --message - < reasons.txt'],
      ['Your appeals and their answers', '$0 appeal --list'],
    ],
  });

  subject = Option.String({ required: false, name: 'job|@ns/name' });
  message = Option.String('--message,-m', { description: 'Why the decision is wrong; `-` reads it from stdin.' });
  list = Option.Boolean('--list', false, { description: 'Show your appeals with their answers.' });
  after = Option.String('--after', { description: 'With --list: go on where the page before ended.' });

  protected async run(): Promise<number> {
    const { subject } = this;
    if (this.list) {
      if (subject !== undefined || this.message !== undefined) {
        throw usageError('--list shows all appeals and makes none.', 'Leave out what it is about, and the message.');
      }
      return this.#list();
    }
    if (subject === undefined) {
      throw usageError('What is the appeal about?', 'Name the job, or the hidden skill as @namespace/name.');
    }
    const appeal = await this.#prepare(subject);
    const text = await this.#text();
    const client = await this.clientFor(appeal.namespace);
    const { id, state } = await appeal.send(client, text);
    this.answer({ id, state, subject });
    this.print(
      `Appeal ${id} is open: a person will look at ${subject}. The answer is mailed; see: skills appeal --list`,
    );
    return 0;
  }

  /** Before anybody is asked for a text: whether the subject can be one. */
  async #prepare(subject: string) {
    if (!/[@/]/.test(subject)) return { send: (client: Client, text: string) => client.appealJob(subject, text) };
    const { parseSkillRef } = await import('../../src/format/names.ts');
    const { namespace, name, range } = parseSkillRef(subject);
    if (namespace === undefined || range !== undefined) {
      const fix = 'Write a skill as @namespace/name; a version that was held is named by its job.';
      throw usageError(`'${subject}' is neither a job nor a skill.`, fix);
    }
    return { namespace, send: (client: Client, text: string) => client.appealSkill({ namespace, name }, text) };
  }

  async #text(): Promise<string> {
    if (this.message !== undefined && this.message !== '-') return this.#required(this.message);
    if (this.message === '-') {
      const { text } = await import('node:stream/consumers');
      return this.#required(await text(this.context.stdin));
    }
    const { Prompt } = await import('../prompt.ts');
    const prompt = new Prompt(this.context);
    try {
      return await prompt.ask('Why is the decision wrong', '--message');
    } finally {
      prompt.close();
    }
  }

  #required(text: string): string {
    const trimmed = text.trim();
    if (trimmed !== '') return trimmed;
    throw usageError('The message is empty.', 'Say with --message why the decision is wrong.');
  }

  async #list(): Promise<number> {
    const page = await (await this.client()).appeals(this.after);
    this.answer(page);
    if (page.appeals.length === 0) this.print('You have made no appeals.');
    for (const { id, namespace, name, version, state, text, answer, created_at } of page.appeals) {
      const label = `@${namespace}/${name ?? ''}${version === null ? '' : `@${version}`}`;
      const colour = state === 'granted' ? 'green' : state === 'denied' ? 'red' : 'yellow';
      this.print(`${id}  ${label}  ${this.paint(colour, state)}  ${created_at}`);
      this.print(`  appeal: ${oneLine(text)}`);
      if (answer !== null) this.print(`  answer: ${oneLine(answer)}`);
    }
    if (page.next !== null) this.print(`More: add --after ${page.next}`);
    return 0;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
