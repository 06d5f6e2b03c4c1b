import { Command } from 'clipanion';
import { RegistryCommand } from '../registry-command.ts';

export class WhoamiCommand extends RegistryCommand {
  static override paths = [['whoami']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Tell whose key is in use.',
    details: `
      With \`--json\`: \`registry\`, \`kind\` (key or operator), \`namespace\` (null for an operator), \`scopes\`, and where there are any
      \`publishers\`, the namespaces that yours made, and \`expires_at\`.
    `,
    examples: [
      ['On the configured registry', '$0 whoami'],
      ['On another one', '$0 whoami --registry https://skills.example.com'],
    ],
  });

  protected async run(): Promise<number> {
    const client = await this.client();
    const who = await client.whoami();
    this.answer({ registry: client.registry, ...who });
    this.print(`${who.namespace ?? who.kind} on ${client.registry} (${who.scopes.join(', ')})`);
    if (who.publishers) this.print(`also counts in ${who.publishers.join(', ')}`);
    if (who.expires_at) this.print(`expires ${who.expires_at}`);
    return 0;
  }
}
