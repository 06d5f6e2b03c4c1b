import { Command } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';
import { formatSize } from '../../progress.ts';
import { table } from '../../terminal.ts';

export class CacheListCommand extends BaseCommand {
  static override paths = [
    ['cache', 'ls'],
    ['cache', 'list'],
  ];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'List the versions in the cache, with sizes.',
    details: `
      What was installed or looked at is kept in \`~/.skills/.cache\`: archives by their SHA-256, and what their registry showed of them.
      An exact version that is there is installed without the network, after the same checks.

      With \`--json\`: \`folder\`, \`size\` in bytes, \`versions\` (each with \`registry\`, \`namespace\`, \`name\`, \`version\`, \`sha256\`, \`size\` and
      \`used_at\`; these two null where the archive is missing) and \`strays\`: files of no version, with \`path\`, \`size\`, \`used_at\`.
    `,
    examples: [['All of it', '$0 cache ls']],
  });

  protected async run(): Promise<number> {
    const [{ SkillCache }, { listCache }] = await Promise.all([
      import('../../cache/skill-cache.ts'),
      import('../../cache/list-cache.ts'),
    ]);
    const cache = new SkillCache(this.context, (line) => this.note(line));
    const { versions, strays } = await listCache(cache);
    const sizes = new Map(
      [...versions.map(({ archive }) => archive), ...strays].map((file) => [file?.path, file?.size]),
    );
    const size = [...sizes.values()].reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
    this.answer({
      folder: cache.folder,
      size,
      versions: versions.map(({ kept: { registry, metadata }, archive }) => ({
        registry,
        namespace: metadata.namespace,
        name: metadata.name,
        version: metadata.version,
        sha256: metadata.sha256,
        size: archive?.size ?? null,
        used_at: archive === undefined ? null : timeOf(archive.usedAt),
      })),
      strays: strays.map(({ path, size: bytes, usedAt }) => ({ path, size: bytes, used_at: timeOf(usedAt) })),
    });
    if (versions.length > 0) {
      const rows = versions.map(({ kept: { registry, metadata }, archive }) => [
        `@${metadata.namespace}/${metadata.name}@${metadata.version}`,
        archive === undefined ? 'missing' : formatSize(archive.size),
        archive === undefined ? '' : `used ${timeOf(archive.usedAt).slice(0, 10)}`,
        registry,
      ]);
      this.print(table(rows));
    }
    const count = versions.length === 1 ? '1 version' : `${versions.length} versions`;
    this.print(`${count}, ${formatSize(size)} in ${cache.folder}`);
    return 0;
  }
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
