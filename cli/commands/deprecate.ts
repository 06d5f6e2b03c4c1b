import { Command, Option } from 'clipanion';
import { usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';

export class DeprecateCommand extends RegistryCommand {
  static override paths = [['deprecate']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Advise against a skill, or against some of its versions.',
    details: `
      Everything can still be installed; whoever does is shown the message, and so are readers of lists and searches. Without a range it
      counts for the whole skill, with what is published later; a range means the versions that are published now, prereleases too. Say
      it again to change the message; \`undeprecate\` takes it back.

      With \`--json\`: \`registry\`, \`namespace\`, \`name\`, \`range\` (null for the whole skill), \`versions\`, \`message\`.
    `,
    examples: [
      ['A whole skill', '$0 deprecate @acme/pdf-tools "Use @acme/pdf-kit."'],
      ['All versions before the second', '$0 deprecate "@acme/pdf-tools@<2" "Has a bug that loses pages; use 2.x."'],
    ],
  });

  ref = Option.String({ name: 'ns/name[@range]' });
  message = Option.String({ name: 'message' });

  protected async run(): Promise<number> {
    const [{ requireVersions }, { deprecate }, { checkNotice }] = await Promise.all([
      import('../account/named-skill.ts'),
      import('../account/endpoints.ts'),
      import('../../src/format/notice.ts'),
    ]);
    const { skill, range } = await requireVersions(this.ref);
    const message = this.message.trim();
    const reason = checkNotice(message);
    if (reason) throw usageError(`${sentence(reason)}.`, 'Say in a sentence what to use instead, or why.');
    const client = await this.clientFor(skill.namespace);
    const done = await deprecate(client, skill, range, message);
    this.answer({ registry: client.registry, ...done, message });
    const what = range === undefined ? 'as a whole' : done.versions.join(', ');
    this.print(`Deprecated @${done.namespace}/${done.name}: ${what}`);
    return 0;
  }
}

function sentence(reason: string): string {
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}`;
}
