import { Command, Option } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';
import { formatSize } from '../../progress.ts';

export class CacheCleanCommand extends BaseCommand {
  static override paths = [
    ['cache', 'clean'],
    ['cache', 'clear'],
  ];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Remove what is in the cache, or what was not used for long.',
    details: `
      Without an option everything goes, also what \`skills search --offline\` goes by. Installed skills stay; what is removed is fetched
      again when it is needed.

      With \`--json\`: \`folder\`, \`freed\` in bytes, and \`removed\`, each with \`registry\`, \`namespace\`, \`name\` and \`version\`.
    `,
    examples: [
      ['What was not used for a month', '$0 cache clean --older-than 30d'],
      ['What that would be', '$0 cache clean --older-than 30d --dry-run'],
      ['Everything', '$0 cache clean'],
    ],
  });

  olderThan = Option.String('--older-than', { description: 'Remove what was not used for so long: 12h, 30d, 8w.' });
  dryRun = Option.Boolean('--dry-run', false, { description: 'Tell what would be removed, and remove nothing.' });

  protected async run(): Promise<number> {
    const [{ SkillCache }, { cleanCache }, { parseDuration }, { MetadataIndex }] = await Promise.all([
      import('../../cache/skill-cache.ts'),
      import('../../cache/clean-cache.ts'),
      import('../../account/duration.ts'),
      import('../../cache/metadata-index.ts'),
    ]);
    const note = (line: string) => this.note(line);
    const cache = new SkillCache(this.context, note);
    const age = this.olderThan === undefined ? undefined : parseDuration('--older-than', this.olderThan) * 1000;
    const since = age === undefined ? undefined : this.context.clock.now() - age;
    const { path } = new MetadataIndex(this.context, note);
    const { versions, freed } = await cleanCache(cache, path, { since, isTrial: this.dryRun });
    const removed = versions.map(({ kept: { registry, metadata } }) => {
      const { namespace, name, version } = metadata;
      return { registry, namespace, name, version };
    });
    this.answer({ folder: cache.folder, freed, removed });
    for (const { namespace, name, version } of removed) this.print(`@${namespace}/${name}@${version}`);
    this.print(`${this.dryRun ? 'Would free' : 'Freed'} ${formatSize(freed)} in ${cache.folder}.`);
    return 0;
  }
}
