import { Command, Option } from 'clipanion';
import { RegistryCommand } from '../../registry-command.ts';

export class TokenRevokeCommand extends RegistryCommand {
  static override paths = [['token', 'revoke']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Revoke a key for good.',
    details: `
      \`token list\` shows the ids. A key may always revoke itself; any other needs the scope \`admin\`. Tokens that were issued for the key
      end with it.

      With \`--json\`: \`registry\`, \`id\`, \`revoked\`.
    `,
    examples: [['By its id', '$0 token revoke 01J5ZKQ8WZ3V9T6X2B7N4M1C0D']],
  });

  keyId = Option.String({ name: 'id' });

  protected async run(): Promise<number> {
    const { revokeToken } = await import('../../account/endpoints.ts');
    const client = await this.client();
    await revokeToken(client, this.keyId);
    this.answer({ registry: client.registry, id: this.keyId, revoked: true });
    this.print(`Revoked the key ${this.keyId}.`);
    return 0;
  }
}
