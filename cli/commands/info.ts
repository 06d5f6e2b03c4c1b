import { Command, Option } from 'clipanion';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import { formatSize } from '../progress.ts';
import { RegistryCommand } from '../registry-command.ts';
import { table } from '../terminal.ts';

export class InfoCommand extends RegistryCommand {
  static override paths = [['info']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Show what a registry knows of a skill.',
    examples: [
      ['The latest version', '$0 info @acme/pdf-tools'],
      ['What one would install, before installing it', '$0 info @acme/pdf-tools@^1 --files --readme'],
    ],
  });

  ref = Option.String({ name: '[@ns/]name[@range]' });
  versions = Option.Boolean('--versions', false, { description: 'List the versions.' });
  files = Option.Boolean('--files', false, { description: 'List the files.' });
  readme = Option.Boolean('--readme', false, { description: 'Show the beginning of SKILL.md.' });

  protected async run(): Promise<number> {
    const client = await this.client();
    const { findPackage, resolveRef } = await import('../resolve-name.ts');
    const ref = await resolveRef(client, this.ref);
    const metadata = await findPackage(client, ref);
    const [versions, preview] = await Promise.all([
      this.versions ? client.versions(ref) : undefined,
      this.files || this.readme ? client.preview(ref, metadata.version) : undefined,
    ]);
    this.answer({
      ...metadata,
      ...versions,
      ...(this.files ? { files: preview?.files } : {}),
      ...(this.readme ? { skill_md: preview?.skill_md, truncated: preview?.truncated } : {}),
    });
    this.print(this.paint('bold', `@${metadata.namespace}/${metadata.name}@${metadata.version}`));
    this.print(table(facts(metadata)));
    for (const { version, published_at, yanked_at } of versions?.versions ?? []) {
      this.print(`${version}  ${published_at}${yanked_at === null ? '' : '  yanked'}`);
    }
    if (this.files) for (const { path, size } of preview?.files ?? []) this.print(`${path}  ${formatSize(size)}`);
    if (this.readme) this.print(`\n${preview?.skill_md ?? ''}${preview?.truncated ? '\n…' : ''}`);
    return 0;
  }
}

function facts(metadata: PackageBody): string[][] {
  const { dependencies, keywords } = metadata;
  const needs = dependencies.map(({ name, range, optional }) => `${name}@${range}${optional ? ' (optional)' : ''}`);
  const all: [string, string | null][] = [
    ['description', metadata.description],
    ['license', metadata.license],
    ['author', metadata.author],
    ['category', metadata.category],
    ['compatibility', metadata.compatibility],
    ['keywords', keywords.join(', ') || null],
    ['needs', needs.join(', ') || null],
    ['visibility', metadata.visibility],
    ['published', metadata.published_at],
    ['size', formatSize(metadata.size)],
    ['sha256', metadata.sha256],
    ['signed with', metadata.key_id],
  ];
  return all.flatMap(([label, value]) => (value === null ? [] : [[label, value]]));
}
