import { Command, Option } from 'clipanion';
import { usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';
import { table } from '../terminal.ts';

export class StarCommand extends RegistryCommand {
  static override paths = [['star'], ['unstar']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Star a skill in the name of your namespace, or take the star back.',
    details: `
      \`--list\` shows the skills that your namespace has starred, the latest star first. A key that may read is enough.

      With \`--json\`: \`registry\`, \`namespace\`, \`name\`, \`starred\`, \`changed\` (false when it was so before); with \`--list\`: \`registry\` and
      \`stars\`, each with \`namespace\`, \`name\`, \`description\`, \`visibility\`, \`latest_version\`, \`starred_at\` and maybe \`deprecated\`.
    `,
    examples: [
      ['Star a skill', '$0 star @acme/pdf-tools'],
      ['Take the star back', '$0 unstar @acme/pdf-tools'],
      ['What you have starred', '$0 star --list'],
    ],
  });

  ref = Option.String({ required: false, name: '[@ns/]name' });
  list = Option.Boolean('--list', false, { description: 'List the skills that your namespace has starred.' });

  protected async run(): Promise<number> {
    const starred = this.path[0] === 'star';
    if (this.list) {
      if (this.ref !== undefined || !starred) {
        throw usageError('--list goes with nothing else.', 'Write it as: skills star --list');
      }
      return this.#list();
    }
    if (this.ref === undefined) throw usageError('Which skill?', `Write it as: skills ${this.path[0]} @namespace/name`);
    return this.#set(this.ref, starred);
  }

  async #set(text: string, starred: boolean): Promise<number> {
    const [{ resolveRef }, { setStar }, { parseSkillRef }] = await Promise.all([
      import('../resolve-name.ts'),
      import('../account/endpoints.ts'),
      import('../../src/format/names.ts'),
    ]);
    const asked = parseSkillRef(text);
    if (asked.range !== undefined) {
      throw usageError(`'${text}' names a version.`, 'A star is for the whole skill: leave out what follows the @.');
    }
    const client = await this.clientFor(asked.namespace);
    const { namespace, name } = await resolveRef(client, text);
    const { changed } = await setStar(client, { namespace, name }, starred);
    this.answer({ registry: client.registry, namespace, name, starred, changed });
    const label = `@${namespace}/${name}`;
    if (changed) this.print(starred ? `Starred ${label}` : `${label} has no star of yours any more.`);
    else this.print(`${label} ${starred ? 'was starred before' : 'had no star of yours'}; nothing changed.`);
    return 0;
  }

  async #list(): Promise<number> {
    const { listStars } = await import('../account/endpoints.ts');
    const client = await this.client();
    const stars = await listStars(client);
    this.answer({ registry: client.registry, stars });
    if (stars.length === 0) this.print(`Your namespace has starred nothing on ${client.registry}.`);
    const rows = stars.map(({ namespace, name, latest_version, deprecated }) => [
      `@${namespace}/${name}`,
      latest_version,
      deprecated === undefined ? '' : `deprecated: ${deprecated}`,
    ]);
    if (rows.length > 0) this.print(table(rows));
    return 0;
  }
}
