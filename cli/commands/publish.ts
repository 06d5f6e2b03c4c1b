import { Command, Option } from 'clipanion';
import type { JobBody } from '../../src/http/v1/schemas.ts';
import type { Client } from '../client.ts';
import { CodedError, usageError } from '../failure.ts';
import { formatFinding } from '../findings.ts';
import type { Credential } from '../http.ts';
import { requireValid, type ValidSkill } from '../local-skill-command.ts';
import { formatSize, Progress } from '../progress.ts';
import type { Release } from '../publish/release.ts';
import { RegistryCommand } from '../registry-command.ts';
import type { SigningKey } from '../sign.ts';

export class PublishCommand extends RegistryCommand {
  static override paths = [['publish']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Publish a version of a skill.',
    details: `
      Packs the folder (or takes the archive as it is), uploads it, and waits until the registry has vetted and signed it. Tags are set
      and the changelog is shown once the version is published. To publish all skills of a folder, see \`sync\`.

      \`--dry-run\` does all that needs no registry, and tells what would be sent where: the files with their sizes, what is left out and
      why, the digest.

      With \`--json\`: the job as \`/v1/jobs/{id}\` has it, and \`ref\`, \`published\`, \`registry\`, \`size\`, \`sha256\`. In a dry run \`name\`, \`version\`,
      \`namespace\` (null when the key decides), \`registry\`, \`published\` (false), \`size\`, \`sha256\`, \`treeDigest\`, \`private\`, \`tags\`,
      \`changelog\`, \`signed\`, \`verdict\`, \`score\`, \`files\`, \`leftOut\`.
    `,
    examples: [
      ['The skill in this folder', '$0 publish'],
      ['See what would be published', '$0 publish skills/pdf-tools --dry-run'],
      ['With a tag, and what is new', '$0 publish --tag beta --changelog "Reads forms."'],
      ['A private skill', '$0 publish skills/pdf-tools --private'],
      ['Signed by yourself with gpg', '$0 publish --sign'],
    ],
  });

  target = Option.String({ required: false, name: 'folder|file.skill' });
  namespace = Option.String('--namespace', { description: 'The namespace; else that of the skill or of your key.' });
  version = Option.String('--version', { description: 'The version, for a skill that names none.' });
  tags = Option.Array('--tag', [], {
    description:
      'Tag the version when it is published; the highest release is `latest` all the same. May be given several times.',
  });
  changelog = Option.String('--changelog', { description: 'What is new in this version.' });
  changelogFile = Option.String('--changelog-file', { description: 'The same, from a text file.' });
  private = Option.Boolean('--private', false, { description: 'Show a new skill to keys of its namespace only.' });
  sign = Option.Boolean('--sign', false, { description: "Sign it with gpg's default key; see `skills key add`." });
  signKey = Option.String('--sign-key', { description: 'Sign it with this key of gpg.' });
  signKeyFile = Option.String('--sign-key-file', {
    description: 'Sign it with the OpenPGP private key in a file; SKILLS_SIGN_PASSPHRASE, or a question, opens it.',
  });
  dryRun = Option.Boolean('--dry-run', false, { description: 'Pack and check, but upload nothing.' });

  protected async run(): Promise<number> {
    const signingKey = this.#signingKey();
    const { readTerms } = await import('../publish/terms.ts');
    const terms = await readTerms({ ...this, cwd: this.context.cwd });
    const skill = await requireValid(this, this.target ?? '.');
    const [{ archiveOf, chooseVersion }, { sha256Hex }] = await Promise.all([
      import('../check-skill.ts'),
      import('../../src/format/digest.ts'),
    ]);
    const version = chooseVersion(skill.metadata, this.version);
    const archive = await archiveOf(skill);
    const { namespace } = this;
    const release: Release = { ...terms, archive, sha256: await sha256Hex(archive), version, namespace };
    // A namespace is published where it belongs, and not where the rest is.
    const stated = namespace ?? skill.metadata.namespace;
    const registry = await this.registryOf(stated);
    const { credentialFor } = await import('../registry.ts');
    const credential = await credentialFor(this.context, registry, await this.chosenRegistry());
    const owner = stated ?? credential.namespace ?? null;
    if (this.dryRun)
      return this.#report(skill, release, { registry, namespace: owner, signed: signingKey !== undefined });
    requireKey(registry, credential);
    if (signingKey) {
      const { signArchive } = await import('../sign.ts');
      release.signature = await signArchive(this.context, archive, signingKey);
    }
    return this.#publish(await this.client(registry), skill.metadata.name, owner, release);
  }

  #signingKey(): SigningKey | undefined {
    if (this.signKeyFile !== undefined && (this.signKey !== undefined || this.sign)) {
      throw usageError(
        'Only one key signs a version.',
        'Give --sign-key-file alone, or --sign with or without --sign-key.',
      );
    }
    if (this.signKeyFile !== undefined) return { kind: 'file', path: this.signKeyFile };
    return this.sign || this.signKey !== undefined ? { kind: 'gpg', id: this.signKey } : undefined;
  }

  async #publish(client: Client, name: string, owner: string | null, release: Release): Promise<number> {
    const [{ sendRelease }, { followJob }] = await Promise.all([
      import('../publish/release.ts'),
      import('../follow-job.ts'),
    ]);
    const announce = (namespace: string) =>
      this.print(`Publishing @${namespace}/${name}@${release.version} to ${client.registry}`);
    if (owner) announce(owner);
    const ref = `${owner ? `@${owner}/` : ''}${name}@${release.version}`;
    this.endOnInterrupt(() => `Interrupted; the upload may have arrived: skills info ${ref}`);
    const progress = new Progress(this.context, 'uploading', this.json);
    const accepted = await sendRelease(client, release, {
      expect: (bytes) => progress.expect(bytes),
      advance: (bytes) => progress.advance(bytes),
    }).finally(() => progress.done());
    if (!owner) announce(accepted.namespace);
    const job = await followJob(client, this.context.clock, accepted.job_id, ({ stage, status }) => {
      this.print(status === 'pass' ? `${this.paint('green', '✓')} ${stage}` : `${this.paint('red', '✗')} ${stage}`);
    });
    return this.#conclude(client, job, release);
  }

  async #report(
    skill: ValidSkill,
    { archive, sha256, version, private: isPrivate, tags, changelog }: Release,
    goal: { registry: string; namespace: string | null; signed: boolean },
  ): Promise<number> {
    const [{ describeFiles, listContents }, { verdictLine }, { treeDigest }] = await Promise.all([
      import('../publish/contents.ts'),
      import('../validate/verdict-line.ts'),
      import('../../src/format/digest.ts'),
    ]);
    const { name } = skill.metadata;
    const { registry, namespace, signed } = goal;
    this.answer({
      ...{ name, version, namespace, registry, published: false, size: archive.length, sha256 },
      ...{ treeDigest: await treeDigest(skill.bundle), private: isPrivate, tags, changelog: changelog ?? null, signed },
      ...{ verdict: skill.verdict, score: skill.score },
      files: describeFiles(skill),
      leftOut: skill.leftOut ?? [],
    });
    for (const line of listContents(skill)) this.print(line);
    this.print(verdictLine(skill));
    const ref = `${namespace === null ? '' : `@${namespace}/`}${name}@${version}`;
    const doing = skill.verdict === 'malicious' ? 'send' : 'publish';
    this.print(`would ${doing} ${ref} to ${registry}: ${formatSize(archive.length)}, sha256 ${sha256}`);
    if (isPrivate) this.print('  private, if it is new');
    if (tags.length > 0) this.print(`  tags: ${tags.join(', ')}`);
    if (signed) this.print('  with your signature');
    if (changelog !== undefined) this.print(`  changelog:\n${changelog.replace(/^(?=.)/gm, '    ')}`);
    return 0;
  }

  async #conclude(client: Client, job: JobBody, { archive, sha256 }: Release): Promise<number> {
    const ref = `@${job.namespace}/${job.name}@${job.version}`;
    const published = job.status === 'pass';
    this.answer({ ...job, ref, published, registry: client.registry, size: archive.length, sha256 });
    if (published) {
      this.print(`Published ${ref}`);
      return 0;
    }
    if (this.json) return 1;
    const { errorsOf, whyNotPublished } = await import('../publish/outcome.ts');
    for (const finding of errorsOf(job)) this.note(formatFinding(this.context, finding));
    throw whyNotPublished(job);
  }
}

/** Before the upload: a registry may refuse in the middle of it, which reads like a broken connection. */
function requireKey(registry: string, { token, fix }: Credential): void {
  if (token !== undefined) return;
  throw new CodedError('unauthorized', `Publishing to ${registry} needs a key, and none is stored for it.`, fix, 4);
}
