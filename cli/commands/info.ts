import { Command, Option } from 'clipanion';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import { offlineOption } from '../cache/offline.ts';
import type { Address, Client } from '../client.ts';
import { CodedError, usageError } from '../failure.ts';
import { formatFinding } from '../findings.ts';
import type { Contents } from '../info/contents.ts';
import { formatSize } from '../progress.ts';
import { type Located, SkillReadingCommand } from '../skill-reading-command.ts';
import { table } from '../terminal.ts';
import { isDoubted } from '../verdict-note.ts';

export class InfoCommand extends SkillReadingCommand {
  static override paths = [['info'], ['view'], ['show']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Show what a registry knows of a skill, and what is in it.',
    details: `
      Shows the metadata of a version: what it needs, its size and digests, who signed it, how often the skill was downloaded, and
      what was found wrong with it when its verdict is not clean. Nothing is installed.

      \`--readme\` shows the beginning of SKILL.md, as the registry tells it. \`--file\` prints one file as it is, out of the
      archive, which is checked as \`skills install\` does and kept in the cache. \`--offline\` shows versions that are in the cache;
      what only the registry knows (downloads, findings, tags) is left out.

      With \`--json\`: the metadata as \`/v1/packages/{namespace}/{name}/{version}\` has them, and \`registry\`, \`downloads\`; when asked for or
      there, \`findings\`, \`versions\` and \`tags\`, \`files\`, \`skill_md\` and \`truncated\`, \`file\`: \`{path, size, encoding, content}\`.

      Exit code 0, or 1 when there is no such skill, version or file, 2 for wrong usage, 4 when the registry refuses the key.
    `,
    examples: [
      ['The latest version', '$0 info @acme/pdf-tools'],
      ['What one would install, before installing it', '$0 info @acme/pdf-tools@^1 --files --readme'],
      ['One of its files', '$0 info @acme/pdf-tools@1.2.0 --file references/forms.md'],
      ['All versions', '$0 info pdf-tools --versions'],
    ],
  });

  ref = Option.String({ name: '[@ns/]name[@range]' });
  versions = Option.Boolean('--versions', false, { description: 'List the versions, and what was new in them.' });
  files = Option.Boolean('--files', false, { description: 'List the files.' });
  file = Option.String('--file', { description: 'Print this file, and nothing else.' });
  readme = Option.Boolean('--readme', false, { description: 'Show the beginning of SKILL.md.' });
  override offline = offlineOption();

  protected async run(): Promise<number> {
    const found = await this.locate(this.ref);
    if (this.file !== undefined) return this.#printFile(found, this.file);
    const { client, ref, registries } = found;
    const { findPackage } = await import('../resolve-name.ts');
    const isKnown = async () => (await (await this.cache()).versions(client.registry, ref)).length > 0;
    const metadata = await findPackage(client, ref, isKnown);
    registries.requireOwn(client.registry, ref, metadata);
    const isOnline = !this.isOffline;
    const [downloads, doubts, versions, contents] = await Promise.all([
      isOnline ? downloadsOf(client, metadata) : undefined,
      isOnline && isDoubted(metadata) ? client.findings(metadata, metadata.version) : undefined,
      this.versions ? client.versions(metadata) : undefined,
      this.files || this.readme ? this.#contents(client, metadata) : undefined,
    ]);
    await this.#learn(client.registry, metadata, downloads);
    this.answer({
      registry: client.registry,
      ...metadata,
      ...(downloads === undefined ? {} : { downloads }),
      ...(doubts === undefined ? {} : { findings: doubts.findings }),
      ...versions,
      ...(this.files ? { files: contents?.files } : {}),
      ...(this.readme ? { skill_md: contents?.skill_md, truncated: contents?.truncated } : {}),
    });
    const { facts } = await import('../info/facts.ts');
    this.print(this.paint('bold', `@${metadata.namespace}/${metadata.name}@${metadata.version}`));
    this.print(table(facts(metadata, downloads)));
    for (const finding of doubts?.findings ?? []) this.print(formatFinding(this.context, finding));
    // Among all versions, it stands beside its own.
    if (metadata.changelog !== undefined && !versions) this.print(`\nWhat is new:\n${indented(metadata.changelog)}`);
    if (versions) this.#printVersions(versions);
    if (contents) this.#printContents(contents);
    return 0;
  }

  async #contents(client: Client, metadata: PackageBody): Promise<Contents> {
    if (!this.isOffline) return client.preview(metadata, metadata.version);
    const [fetched] = await this.fetchAll(client, [{ ...metadata, range: metadata.version }]);
    if (!fetched) throw new Error('one version was asked for');
    return (await import('../info/contents.ts')).contentsOf(fetched.bundle);
  }

  async #printFile({ client, ref, registries }: Located, path: string): Promise<number> {
    if (this.versions || this.files || this.readme)
      throw usageError('--file prints the file and nothing else.', 'Leave the other options out.');
    const { fileDocument, fileOf } = await import('../use/prompt.ts');
    const [fetched] = await this.fetchAll(client, [ref]);
    if (!fetched) throw new Error('one version was asked for');
    registries.requireOwn(client.registry, ref, fetched.metadata);
    const file = fileOf(fetched, path);
    const document = fileDocument(file);
    this.answer({ registry: client.registry, ...fetched.metadata, file: document });
    if (this.json) return 0;
    if (!this.context.terminal.stdout) this.context.stdout.write(file.bytes);
    else if (document.encoding === 'utf-8') this.print(document.content.replace(/\n$/, ''));
    else throw usageError(`${file.path} is not text.`, 'Send it to a file with >, or read it with --json.');
    return 0;
  }

  #printVersions({ versions, tags = {} }: Awaited<ReturnType<Client['versions']>>): void {
    for (const { version, published_at, yanked_at, deprecated, changelog } of versions) {
      const tagged = Object.keys(tags).filter((tag) => tags[tag] === version);
      const notes = yanked_at === null ? tagged : ['yanked'];
      if (deprecated !== undefined) notes.push('deprecated');
      this.print([version, published_at, notes.join(', ')].filter(Boolean).join('  '));
      if (changelog !== undefined) this.print(indented(changelog));
    }
  }

  #printContents({ files, skill_md, truncated }: Contents): void {
    if (this.files) this.print(table(files.map(({ path, size }) => [path, formatSize(size)])));
    if (!this.readme) return;
    this.print(`\n${skill_md}`);
    if (truncated) this.print(`… all of it: skills info ${this.ref} --file SKILL.md`);
  }

  /** For searches without the network. */
  async #learn(registry: string, metadata: PackageBody, downloads: number | undefined): Promise<void> {
    if (this.isOffline) return;
    const [{ MetadataIndex }, { describe }] = await Promise.all([
      import('../cache/metadata-index.ts'),
      import('../cache/search-known.ts'),
    ]);
    const known = { ...describe(metadata), ...(downloads === undefined ? {} : { downloads }) };
    await new MetadataIndex(this.context, (line) => this.note(line)).learn(registry, [known]);
  }
}

/** Empty lines stay empty. */
function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
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
