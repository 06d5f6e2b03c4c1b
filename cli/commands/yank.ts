import { Command, Option } from 'clipanion';
import { usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';

export class YankCommand extends RegistryCommand {
  static override paths = [['yank'], ['unyank']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Withdraw a version, or bring it back.',
    details: `
      Nobody can download a yanked version; its number stays taken. To advise against a version that works, see \`deprecate\`.

      With \`--json\`: \`ref\`, \`yanked\` (how it is now), \`changed\` (false when it was so before).
    `,
    examples: [
      ['Withdraw a version', '$0 yank @acme/pdf-tools@1.0.0'],
      ['Bring it back', '$0 unyank @acme/pdf-tools@1.0.0'],
    ],
  });

  ref = Option.String({ name: 'ns/name@version' });
  undo = Option.Boolean('--undo', false, { description: 'Bring the version back, as `unyank` does.' });

  protected async run(): Promise<number> {
    const [{ parseSkillRef }, { isVersion }] = await Promise.all([
      import('../../src/format/names.ts'),
      import('../../src/format/semver.ts'),
    ]);
    const { namespace, name, range: version } = parseSkillRef(this.ref);
    if (namespace === undefined || version === undefined || !isVersion(version)) {
      throw usageError(`'${this.ref}' does not name one version.`, 'Write it as @namespace/name@1.2.3.');
    }
    const undo = this.undo || this.path[0] === 'unyank';
    const client = await this.clientFor(namespace);
    const changed = undo
      ? (await client.unyank({ namespace, name }, version)).unyanked
      : (await client.yank({ namespace, name }, version)).yanked;
    const ref = `@${namespace}/${name}@${version}`;
    this.answer({ ref, yanked: !undo, changed: changed === 1 });
    const done = undo ? 'Brought back' : 'Yanked';
    const before = undo ? 'was not yanked' : 'was yanked before';
    this.print(changed === 1 ? `${done} ${ref}` : `${ref} ${before}; nothing changed.`);
    return 0;
  }
}
