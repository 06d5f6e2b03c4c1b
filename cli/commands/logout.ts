import { Command } from 'clipanion';
import { RegistryCommand } from '../registry-command.ts';

export class LogoutCommand extends RegistryCommand {
  static override paths = [['logout']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Forget the key of a registry.',
    details: `
      The key itself stays valid: \`token revoke\` ends it.

      With \`--json\`: \`registry\`, \`forgotten\` (false when none was stored), \`revoked\` (always false).
    `,
    examples: [
      ['Of the configured registry', '$0 logout'],
      ['Of another one', '$0 logout --registry https://skills.example.com'],
    ],
  });

  protected async run(): Promise<number> {
    const { configPath, readRegistry, updateRegistry } = await import('../home.ts');
    const registry = await this.chosenRegistry();
    const { token } = await readRegistry(this.context, registry);
    if (token !== undefined) await updateRegistry(this.context, registry, { token: undefined, namespace: undefined });
    this.answer({ registry, forgotten: token !== undefined, revoked: false });
    if (token === undefined) this.print(`No key of ${registry} is stored.`);
    else
      this.print(
        `Forgot the key of ${registry} in ${configPath(this.context)}. The registry still accepts it until it is revoked there.`,
      );
    if (this.context.env.SKILLS_TOKEN) this.note('note: SKILLS_TOKEN is still set, and is used.');
    return 0;
  }
}
