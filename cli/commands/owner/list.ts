import { Command, Option } from 'clipanion';
import type { TransfersBody } from '../../../src/http/v1/schemas.ts';
import { RegistryCommand } from '../../registry-command.ts';

type Offer = TransfersBody['transfers'][number];

export class OwnerListCommand extends RegistryCommand {
  static override paths = [['owner', 'list']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Tell who owns a skill, or which namespaces and offers are yours.',
    details: `
      A skill has one owner, its namespace. To let others publish, make keys for them with \`token create\`; to give it away,
      \`owner transfer\`. Without a skill: the namespaces that your key counts in, and the skills that are offered to them or by them.

      With \`--json\`: \`registry\`, \`namespace\`, \`name\`, \`owner\`; or \`registry\`, \`namespaces\`, \`incoming\`, \`outgoing\`.
    `,
    examples: [
      ['Of a skill', '$0 owner list @acme/pdf-tools'],
      ['Your namespaces, and what is offered', '$0 owner list'],
    ],
  });

  ref = Option.String({ required: false, name: 'ns/name' });

  protected async run(): Promise<number> {
    return this.ref === undefined ? this.#own() : this.#of(this.ref);
  }

  async #of(text: string): Promise<number> {
    const { requireSkill } = await import('../../account/named-skill.ts');
    const skill = requireSkill(text);
    const client = await this.clientFor(skill.namespace);
    const { namespace, name } = await client.package(skill, 'latest');
    this.answer({ registry: client.registry, namespace, name, owner: namespace });
    this.print(`@${namespace}/${name} belongs to ${namespace}.`);
    return 0;
  }

  async #own(): Promise<number> {
    const { listOffers } = await import('../../account/endpoints.ts');
    const client = await this.client();
    const [who, incoming, outgoing] = await Promise.all([
      client.whoami(),
      listOffers(client, 'incoming'),
      listOffers(client, 'outgoing'),
    ]);
    const namespaces = who.namespace === null ? [] : [who.namespace, ...(who.publishers ?? [])];
    this.answer({ registry: client.registry, namespaces, incoming, outgoing });
    for (const namespace of namespaces) this.print(namespace);
    for (const offer of incoming) this.#show(offer, `from ${offer.from} to ${offer.to}`, 'accept');
    if (who.kind === 'operator') return 0;
    for (const offer of outgoing) this.#show(offer, `to ${offer.to}`, 'cancel');
    return 0;
  }

  #show({ namespace, name, message, expires_at }: Offer, where: string, answer: string): void {
    const label = `@${namespace}/${name}`;
    this.print(`${label} is offered ${where} until ${expires_at}${message === '' ? '' : `: ${message}`}`);
    this.print(`  skills owner ${answer} ${label}`);
  }
}
