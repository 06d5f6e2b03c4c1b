import { Command } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';

export class CacheVerifyCommand extends BaseCommand {
  static override paths = [['cache', 'verify']];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Check everything in the cache, and remove what is damaged.',
    details: `
      Checks each version as an install without the network does: the digest of its archive, the signature by the registry's
      key that was kept, the proof of the transparency log, and the publisher's signature if it has one.

      With \`--json\`: \`folder\`, \`ok\`, \`versions\` (how many were checked) and \`problems\`, each with \`path\`, \`code\`, \`message\`, and for a
      version \`label\` and \`registry\`.

      Exit code 0, or 1 when something was damaged.
    `,
    examples: [['All of it', '$0 cache verify']],
  });

  protected async run(): Promise<number> {
    const [{ SkillCache }, { verifyCache }] = await Promise.all([
      import('../../cache/skill-cache.ts'),
      import('../../cache/verify-cache.ts'),
    ]);
    // What is found is told once, as a result.
    const cache = new SkillCache(this.context, () => undefined);
    const { versions, problems } = await verifyCache(this.context, cache);
    const ok = problems.length === 0;
    this.answer({ folder: cache.folder, ok, versions, problems });
    for (const { path, label, message } of problems) {
      this.print(`${this.paint('red', '✗')} ${label ?? path}\n  ${message}\n  It was removed from the cache.`);
    }
    const count = versions === 1 ? '1 version' : `${versions} versions`;
    this.print(
      ok
        ? `${this.paint('green', '✓')} ${count} in ${cache.folder} are whole.`
        : `${problems.length} of ${count} removed.`,
    );
    return ok ? 0 : 1;
  }
}
