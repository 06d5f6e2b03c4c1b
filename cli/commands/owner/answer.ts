import { Command, Option } from 'clipanion';
import type { ANSWERS } from '../../account/endpoints.ts';
import { RegistryCommand } from '../../registry-command.ts';

/** A command that ends an offer. */
abstract class AnswerCommand extends RegistryCommand {
  ref = Option.String({ name: 'ns/name' });

  protected abstract readonly what: (typeof ANSWERS)[number];
  /** @param label the skill as it is called now */
  protected abstract told(label: string): string;

  protected async run(): Promise<number> {
    const [{ requireSkill }, { endOffer }] = await Promise.all([
      import('../../account/named-skill.ts'),
      import('../../account/endpoints.ts'),
    ]);
    const skill = requireSkill(this.ref);
    const client = await this.clientFor(skill.namespace);
    const { namespace, name } = await endOffer(client, skill, this.what);
    this.answer({ registry: client.registry, namespace, name, answer: this.what });
    this.print(this.told(`@${namespace}/${name}`));
    return 0;
  }
}

const JSON_FIELDS = 'With `--json`: `registry`, `namespace` and `name` as the skill is called now, `answer`.';

export class OwnerAcceptCommand extends AnswerCommand {
  static override paths = [['owner', 'accept']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Take over a skill that is offered to your namespace.',
    details: `
      Name it as it is called while its owner offers it; \`owner list\` shows it. Your key needs the scope \`admin\`.

      ${JSON_FIELDS}
    `,
    examples: [['Accept', '$0 owner accept @acme/pdf-tools']],
  });
  protected readonly what = 'accept';
  protected told = (label: string) => `The skill is ${label} now.`;
}

export class OwnerDeclineCommand extends AnswerCommand {
  static override paths = [['owner', 'decline']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Refuse a skill that is offered to your namespace.',
    details: `
      It stays where it is. Your key needs the scope \`admin\`.

      ${JSON_FIELDS}
    `,
    examples: [['Decline', '$0 owner decline @acme/pdf-tools']],
  });
  protected readonly what = 'decline';
  protected told = (label: string) => `Declined; the skill stays ${label}.`;
}

export class OwnerCancelCommand extends AnswerCommand {
  static override paths = [['owner', 'cancel']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Take an offer of a skill back.',
    details: `
      Nobody can accept it any more. Your key needs the scope \`admin\` in the namespace of the skill.

      ${JSON_FIELDS}
    `,
    examples: [['Cancel', '$0 owner cancel @acme/pdf-tools']],
  });
  protected readonly what = 'cancel';
  protected told = (label: string) => `Took the offer back; the skill stays ${label}.`;
}
