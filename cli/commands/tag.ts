import { Command, Option } from 'clipanion';
import { usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';

export class TagCommand extends RegistryCommand {
  static override paths = [['tag']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Give a version a name that can be moved, or take one away.',
    details: `
      \`skills install @acme/pdf-tools@beta\` then installs that version. A tag that the skill has already is moved. The tag
      \`latest\` holds until the next version is published, and cannot be removed.

      With \`--json\`: \`namespace\`, \`name\`, \`tag\`, \`version\` (not of one that was removed), \`removed\`.
    `,
    examples: [
      ['Tag a version', '$0 tag @acme/pdf-tools@1.1.0-rc.1 beta'],
      ['Go back to an earlier version', '$0 tag @acme/pdf-tools@1.0.0 latest'],
      ['Remove a tag', '$0 tag --remove @acme/pdf-tools beta'],
    ],
  });

  ref = Option.String({ name: 'ns/name[@version]' });
  tag = Option.String({ name: 'tag' });
  remove = Option.Boolean('--remove', false, { description: 'Take the tag away; name the skill without a version.' });

  protected async run(): Promise<number> {
    const [{ parseSkillRef }, { isVersion }, { checkTag }] = await Promise.all([
      import('../../src/format/names.ts'),
      import('../../src/format/semver.ts'),
      import('../../src/format/version-tag.ts'),
    ]);
    const { namespace, name, range: version } = parseSkillRef(this.ref);
    const reason = checkTag(this.tag);
    if (reason) throw usageError(`The ${reason}.`, 'Use a word such as beta or lts-2024.');
    if (this.remove) {
      if (namespace === undefined || version !== undefined) {
        throw usageError(`'${this.ref}' does not name a skill.`, 'Write it as @namespace/name, without a version.');
      }
      return this.#remove(namespace, name);
    }
    if (namespace === undefined || version === undefined || !isVersion(version)) {
      throw usageError(`'${this.ref}' does not name one version.`, 'Write it as @namespace/name@1.2.3.');
    }
    const client = await this.clientFor(namespace);
    const tagged = await client.tag({ namespace, name }, this.tag, version);
    this.answer({ ...tagged, removed: false });
    this.print(`@${tagged.namespace}/${tagged.name}@${tagged.tag} is ${tagged.version} now.`);
    return 0;
  }

  async #remove(namespace: string, name: string): Promise<number> {
    const client = await this.clientFor(namespace);
    await client.untag({ namespace, name }, this.tag);
    this.answer({ namespace, name, tag: this.tag, removed: true });
    this.print(`@${namespace}/${name} has no tag '${this.tag}' any more.`);
    return 0;
  }
}
