import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base-command.ts';
import { requireValid } from '../local-skill-command.ts';
import { formatSize } from '../progress.ts';

export class PackCommand extends BaseCommand {
  static override paths = [['pack']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Pack a skill into a .skill archive.',
    details: `
      Writes \`<name>-<version>.skill\`: a gzipped tar that is the same, byte for byte, for the same files, whatever their times and
      wherever they lie. Left out are \`.git\`, \`node_modules\`, what macOS adds, \`*.skill\`, and everything hidden except \`.skill/\`.

      With \`--json\`: \`name\`, \`version\`, \`file\`, \`written\`, \`size\`, \`sha256\`, \`treeDigest\`, \`files\` (\`path\`, \`size\`, \`executable\`), and
      \`leftOut\` (\`path\`, \`reason\`).
    `,
    examples: [
      ['The skill in this folder', '$0 pack'],
      ['See what would be packed', '$0 pack skills/pdf-tools --dry-run'],
    ],
  });

  folder = Option.String({ required: false, name: 'folder' });
  out = Option.String('--out', { description: 'The folder to write the archive to; else the current one.' });
  version = Option.String('--version', { description: 'The version, for a skill that names none.' });
  dryRun = Option.Boolean('--dry-run', false, { description: 'Write nothing.' });

  protected async run(): Promise<number> {
    const skill = await requireValid(this, this.folder ?? '.');
    const [{ archiveOf, chooseVersion }, { sha256Hex, treeDigest }, { describeFiles, listContents }] =
      await Promise.all([
        import('../check-skill.ts'),
        import('../../src/format/digest.ts'),
        import('../publish/contents.ts'),
      ]);
    const version = chooseVersion(skill.metadata, this.version);
    const archive = await archiveOf({ bundle: skill.bundle });
    const sha256 = await sha256Hex(archive);
    const file = join(resolve(this.context.cwd, this.out ?? '.'), `${skill.metadata.name}-${version}.skill`);
    if (!this.dryRun) {
      await mkdir(resolve(file, '..'), { recursive: true });
      await writeFile(file, archive);
    }
    const files = describeFiles(skill);
    const { name } = skill.metadata;
    const digest = await treeDigest(skill.bundle);
    this.answer({
      name,
      version,
      file,
      written: !this.dryRun,
      size: archive.length,
      sha256,
      treeDigest: digest,
      files,
      leftOut: skill.leftOut ?? [],
    });
    for (const line of listContents(skill)) this.print(line);
    this.print(`${this.dryRun ? 'would write' : 'wrote'} ${file}`);
    this.print(`${files.length} files, ${formatSize(archive.length)}, sha256 ${sha256}`);
    if (skill.metadata.version === undefined) {
      this.note(`note: SKILL.md names no version, so publish this file with --version ${version}.`);
    }
    return 0;
  }
}
