import { Command, Option } from 'clipanion';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import type { Address, Client } from '../client.ts';
import { CodedError } from '../failure.ts';
import { formatFinding } from '../findings.ts';
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
    const [downloads, doubts, versions, preview] = await Promise.all([
      downloadsOf(client, metadata),
      isDoubted(metadata) ? client.findings(metadata, metadata.version) : undefined,
      this.versions ? client.versions(metadata) : undefined,
      this.files || this.readme ? client.preview(metadata, metadata.version) : undefined,
    ]);
    this.answer({
      ...metadata,
      ...(downloads === undefined ? {} : { downloads }),
      ...(doubts === undefined ? {} : { findings: doubts.findings }),
      ...versions,
      ...(this.files ? { files: preview?.files } : {}),
      ...(this.readme ? { skill_md: preview?.skill_md, truncated: preview?.truncated } : {}),
    });
    this.print(this.paint('bold', `@${metadata.namespace}/${metadata.name}@${metadata.version}`));
    this.print(table(facts(metadata, downloads)));
    for (const finding of doubts?.findings ?? []) this.print(formatFinding(this.context, finding));
    const tags = Object.entries(versions?.tags ?? {});
    for (const { version, published_at, yanked_at } of versions?.versions ?? []) {
      const notes =
        yanked_at === null ? tags.filter(([, tagged]) => tagged === version).map(([tag]) => tag) : ['yanked'];
      this.print([version, published_at, notes.join(', ')].filter(Boolean).join('  '));
    }
    if (this.files) for (const { path, size } of preview?.files ?? []) this.print(`${path}  ${formatSize(size)}`);
    if (this.readme) this.print(`\n${preview?.skill_md ?? ''}${preview?.truncated ? '\n…' : ''}`);
    return 0;
  }
}

/** Registries from before downloads were counted take `downloads` for a version, which it cannot be. */
async function downloadsOf(client: Client, ref: Address): Promise<number | undefined> {
  try {
    return (await client.downloads(ref)).total;
  } catch (error) {
    if (error instanceof CodedError && error.code === 'invalid_request') return undefined;
    throw error;
  }
}

/** Registries from before there was an examination say nothing. */
function isDoubted({ verdict }: PackageBody): boolean {
  return verdict === 'suspicious' || verdict === 'malicious';
}

function publisherOf({ publisher_signature: signed }: PackageBody): string | null {
  if (!signed) return null;
  const { key, user_id, revoked_at } = signed;
  return `signed by ${user_id} with ${key}${revoked_at === null ? '' : `, which was revoked ${revoked_at}`}`;
}

function facts(metadata: PackageBody, downloads: number | undefined): string[][] {
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
    ['downloads', downloads === undefined ? null : String(downloads)],
    ['sha256', metadata.sha256],
    ['signed with', metadata.key_id],
    ['verdict', metadata.verdict ?? null],
    ['publisher', publisherOf(metadata)],
  ];
  return all.flatMap(([label, value]) => (value === null ? [] : [[label, value]]));
}
