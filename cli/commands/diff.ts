import { existsSync } from 'node:fs';
import { Command, Option } from 'clipanion';
import type { Bundle } from '../../src/format/bundle.ts';
import { offlineOption } from '../cache/offline.ts';
import type { Address, Client } from '../client.ts';
import type { FileChange } from '../diff/changes.ts';
import { CodedError, usageError } from '../failure.ts';
import type { RegistryRecord } from '../project/record.ts';
import { SkillReadingCommand } from '../skill-reading-command.ts';

/** Two states of a skill, and what differs. */
interface Comparison extends Address {
  registry: string;
  from: string;
  /** Null for the files on disk. */
  to: string | null;
  /** Of the files on disk. */
  path?: string;
  files: FileChange[];
}

export class DiffCommand extends SkillReadingCommand {
  static override paths = [['diff']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Show what differs between two versions of a skill, or what was changed in an installed one.',
    details: `
      With one name: the files on disk against those that were installed, which come out of the cache, or from the registry. With a
      version: that one against the newest; with two: one against the other. Versions may be ranges and tags.

      With \`--json\`: \`registry\`, \`namespace\`, \`name\`, \`from\`, \`to\` (null for the files on disk, whose folder is \`path\`), \`insertions\`, \`deletions\`,
      and \`files\`, each with \`path\`, \`status\` (added, removed, modified), \`binary\`, \`hunks\`, and \`executable\` where that changed.

      Exit code 0 whether something differs or not, unless \`--exit-code\` is given: then 1 when it does. 1 as well when the two
      cannot be compared, 2 for wrong usage.
    `,
    examples: [
      ['What you changed in an installed skill', '$0 diff pdf-tools'],
      ['Between two versions', '$0 diff @acme/pdf-tools 1.0.0 1.1.0'],
      ['What the newest version would bring, in short', '$0 diff @acme/pdf-tools 1.0.0 --stat'],
      ['In a script', '$0 diff pdf-tools --stat --exit-code'],
    ],
  });

  ref = Option.String({ name: '[@ns/]name' });
  from = Option.String({ required: false, name: 'from' });
  to = Option.String({ required: false, name: 'to' });
  global = Option.Boolean('-g,--global', false, {
    description: 'An installed skill of the user, not of this project.',
  });
  stat = Option.Boolean('--stat', false, { description: 'Show how many lines changed in which files.' });
  exitCode = Option.Boolean('--exit-code', false, { description: 'End with exit code 1 when something differs.' });
  override offline = offlineOption();

  protected async run(): Promise<number> {
    const { parseSkillRef } = await import('../../src/format/names.ts');
    if (parseSkillRef(this.ref).range !== undefined)
      throw usageError(
        `'${this.ref}' names a version.`,
        'Write versions apart: skills diff @acme/pdf-tools 1.0.0 1.1.0',
      );
    const found = this.from === undefined ? await this.#compareInstalled() : await this.#compareVersions(this.from);
    const { countAll } = await import('../diff/changes.ts');
    this.answer({ ...found, ...countAll(found.files) });
    if (!this.json) await this.#print(found);
    return this.exitCode && found.files.length > 0 ? 1 : 0;
  }

  async #print({ namespace, name, from, to, path, files }: Comparison): Promise<void> {
    const label = `@${namespace}/${name}@${from}`;
    if (files.length === 0) {
      this.note(`${path ?? `@${namespace}/${name}@${to}`} is the same as ${label}.`);
      return;
    }
    const { statistics, unified } = await import('../diff/print-changes.ts');
    const paint = (style: Parameters<typeof this.paint>[0], text: string) => this.paint(style, text);
    this.print(this.stat ? statistics(files, paint) : unified(files, from, to ?? 'disk', paint));
  }

  async #compareVersions(from: string): Promise<Comparison> {
    if (this.global) throw usageError('-g is for installed skills.', 'Leave it out to compare two versions.');
    const { client, ref } = await this.locate(this.ref);
    const { registry } = client;
    const { namespace, name } = ref;
    if (!this.isOffline) return { registry, namespace, name, ...(await askDiff(client, ref, from, this.to)) };
    const { changesBetween } = await import('../diff/changes.ts');
    const wanted = [from, this.to ?? 'latest'].map((range) => ({ namespace, name, range }));
    const [before, after] = await this.fetchAll(client, wanted);
    if (!before || !after) throw new Error('two versions were asked for');
    const numbers = { from: before.metadata.version, to: after.metadata.version };
    // Packers rewrite the manifest for every version, and registries leave it out.
    const files = changesBetween(before.bundle, after.bundle).filter(({ path }) => path !== 'manifest.json');
    return { registry, namespace, name, ...numbers, files };
  }

  async #compareInstalled(): Promise<Comparison> {
    const [
      { readInstalledSkills, selectInstalled },
      { isFromRegistry, labelOf },
      { changesBetween },
      { readInstalled },
    ] = await Promise.all([
      import('../project/installed.ts'),
      import('../project/record.ts'),
      import('../diff/changes.ts'),
      import('../folder.ts'),
    ]);
    const [skill] = selectInstalled(await readInstalledSkills(this.context, this.global), [this.ref]);
    if (!skill) throw new Error('one skill was asked for');
    const { record, path } = skill;
    if (!isFromRegistry(record)) {
      const message = `${labelOf(record)} came from ${record.source}, and nothing is kept of what it was like.`;
      throw new CodedError('no_original', message, `Install it again, which overwrites changes: skills install`);
    }
    if (!existsSync(path))
      throw new CodedError('missing', `${path} is missing.`, `Install it again: skills install ${labelOf(record)}`);
    const before = await this.#original(record, labelOf(record));
    const files = changesBetween(before, await readInstalled(path));
    const { registry, namespace, name, version } = record;
    return { registry, namespace, name, from: version, to: null, path, files };
  }

  /** The files as they were installed: by the digest in the record, out of the cache if it has them. */
  async #original(record: RegistryRecord, label: string): Promise<Bundle> {
    const { readArchive } = await import('../../src/format/archive.ts');
    const kept = await (await this.cache()).archive(record.sha256);
    if (kept) return readArchive(kept);
    const client = await this.client(record.registry);
    const [fetched] = await this.fetchAll(client, [{ ...record, range: record.version }]);
    if (fetched?.metadata.sha256 === record.sha256) return fetched.bundle;
    throw new CodedError(
      'digest_changed',
      `${record.registry} serves other bytes as ${label} than those that were installed.`,
      'A version never changes: tell the operator of the registry.',
    );
  }
}

async function askDiff(client: Client, { namespace, name }: Address, from: string, to: string | undefined) {
  const { diffSchema } = await import('../../src/http/v1/schemas.ts');
  const path = ['packages', namespace, name, 'diff'].map(encodeURIComponent).join('/');
  return client.call(diffSchema, path, { query: { from, to } });
}
