import { Command, Option } from 'clipanion';
import { RegistryCommand } from '../registry-command.ts';

export class UndeprecateCommand extends RegistryCommand {
  static override paths = [['undeprecate']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Take advice against a skill back.',
    details: `
      Without a range, of the skill and of all its versions. A range can be taken back only while the skill is not deprecated as a whole.

      With \`--json\`: \`registry\`, \`namespace\`, \`name\`, \`range\` (null for the whole skill), \`versions\` that were deprecated until now.
    `,
    examples: [
      ['Everything', '$0 undeprecate @acme/pdf-tools'],
      ['One version', '$0 undeprecate @acme/pdf-tools@1.4.0'],
    ],
  });

  ref = Option.String({ name: 'ns/name[@range]' });

  protected async run(): Promise<number> {
    const [{ requireVersions }, { undeprecate }] = await Promise.all([
      import('../account/named-skill.ts'),
      import('../account/endpoints.ts'),
    ]);
    const { skill, range } = await requireVersions(this.ref);
    const client = await this.clientFor(skill.namespace);
    const done = await undeprecate(client, skill, range);
    this.answer({ registry: client.registry, ...done });
    const label = `@${done.namespace}/${done.name}`;
    if (done.versions.length === 0) this.print(`${label}: none of this was deprecated; nothing changed.`);
    else this.print(`${label} is not deprecated any more: ${done.versions.join(', ')}`);
    return 0;
  }
}
