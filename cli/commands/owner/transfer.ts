import { Command, Option } from 'clipanion';
import { usageError } from '../../failure.ts';
import { RegistryCommand } from '../../registry-command.ts';

export class OwnerTransferCommand extends RegistryCommand {
  static override paths = [['owner', 'transfer']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Offer a skill to another namespace.',
    details: `
      It moves with all its versions, stars and counts once the other one accepts, within seven days; at once when your key counts in both
      namespaces. Its old name leads to it for good. Your key needs the scope \`admin\`.

      With \`--json\`: \`registry\`, \`id\`, \`namespace\`, \`name\`, \`to\`, \`transferred\`, \`expires_at\`.
    `,
    examples: [
      ['Offer it', '$0 owner transfer @acme/pdf-tools --to umbrella'],
      ['With a word', '$0 owner transfer @acme/pdf-tools --to umbrella --message "As agreed."'],
    ],
  });

  ref = Option.String({ name: 'ns/name' });
  to = Option.String('--to', { description: 'The namespace that shall have it.' });
  message = Option.String('--message', { description: 'A word to its owner, at most 500 characters.' });

  protected async run(): Promise<number> {
    const [{ requireSkill }, { offerSkill }, { checkNamespace }] = await Promise.all([
      import('../../account/named-skill.ts'),
      import('../../account/endpoints.ts'),
      import('../../../src/format/names.ts'),
    ]);
    const skill = requireSkill(this.ref);
    const to = this.to?.replace(/^@/, '');
    if (to === undefined)
      throw usageError('To whom?', `Write it as: skills owner transfer ${this.ref} --to <namespace>`);
    const reason = checkNamespace(to);
    if (reason) throw usageError(`${reason}.`, 'Give --to the namespace alone.');
    const client = await this.clientFor(skill.namespace);
    const offer = await offerSkill(client, skill, { to, message: this.message });
    this.answer({ registry: client.registry, ...offer });
    const label = `@${offer.namespace}/${offer.name}`;
    if (offer.transferred) this.print(`The skill is ${label} now.`);
    else {
      this.print(`Offered ${label} to ${to}, until ${offer.expires_at}.`);
      this.print(`There: skills owner accept ${label}`);
    }
    return 0;
  }
}
