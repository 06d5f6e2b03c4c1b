import { Command } from 'clipanion';
import { RegistryCommand } from '../registry-command.ts';

export class WhoamiCommand extends RegistryCommand {
  static override paths = [['whoami']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Tell whose key is in use.',
    examples: [['On the configured registry', '$0 whoami']],
  });

  protected async run(): Promise<number> {
    const client = await this.client();
    const who = await client.whoami();
    this.answer({ registry: client.registry, ...who });
    this.print(`${who.namespace ?? who.kind} on ${client.registry} (${who.scopes.join(', ')})`);
    return 0;
  }
}
