import { Command, Option } from 'clipanion';
import type { JobBody } from '../../src/http/v1/schemas.ts';
import type { Client } from '../client.ts';
import { CodedError, usageError } from '../failure.ts';
import { formatFinding } from '../findings.ts';
import type { Credential } from '../http.ts';
import { requireValid } from '../local-skill-command.ts';
import { formatSize, Progress } from '../progress.ts';
import { RegistryCommand } from '../registry-command.ts';
import type { SigningKey } from '../sign.ts';

interface Packed {
  archive: Uint8Array;
  sha256: string;
  /** The publisher's own, if it was asked for. */
  signature?: Uint8Array;
}

export class PublishCommand extends RegistryCommand {
  static override paths = [['publish']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Publish a version of a skill.',
    details:
      'Packs the folder (or takes the archive as it is), uploads it, and waits until the registry has vetted and signed it.',
    examples: [
      ['The skill in this folder', '$0 publish'],
      ['A private skill', '$0 publish skills/pdf-tools --private'],
      ['Signed by yourself with gpg', '$0 publish --sign'],
    ],
  });

  target = Option.String({ required: false, name: 'folder|file.skill' });
  namespace = Option.String('--namespace', { description: 'The namespace; else that of the skill or of your key.' });
  version = Option.String('--version', { description: 'The version, for a skill that names none.' });
  private = Option.Boolean('--private', false, { description: 'Show a new skill to keys of its namespace only.' });
  sign = Option.Boolean('--sign', false, { description: "Sign it with gpg's default key; see `skills key add`." });
  signKey = Option.String('--sign-key', { description: 'Sign it with this key of gpg.' });
  signKeyFile = Option.String('--sign-key-file', {
    description: 'Sign it with the OpenPGP private key in a file; SKILLS_SIGN_PASSPHRASE, or a question, opens it.',
  });
  dryRun = Option.Boolean('--dry-run', false, { description: 'Pack and check, but upload nothing.' });

  protected async run(): Promise<number> {
    const signingKey = this.#signingKey();
    const skill = await requireValid(this, this.target ?? '.');
    const [{ archiveOf, chooseVersion }, { sha256Hex }] = await Promise.all([
      import('../check-skill.ts'),
      import('../../src/format/digest.ts'),
    ]);
    const version = chooseVersion(skill.metadata, this.version);
    const archive = await archiveOf(skill);
    const packed: Packed = { archive, sha256: await sha256Hex(archive) };
    const { name, namespace = null } = skill.metadata;
    if (this.dryRun) return this.#report({ name, version, namespace: this.namespace ?? namespace }, packed);
    const credential = await this.#requireKey();
    if (signingKey) {
      const { signArchive } = await import('../sign.ts');
      packed.signature = await signArchive(this.context, archive, signingKey);
    }
    const owner = this.namespace ?? namespace ?? credential.namespace;
    const client = await this.client();
    if (owner) this.#announce(client, owner, name, version);
    const ref = `${owner ? `@${owner}/` : ''}${name}@${version}`;
    this.endOnInterrupt(() => `Interrupted; the upload may have arrived: skills info ${ref}`);
    const accepted = await this.#upload(client, packed, version);
    if (!owner) this.#announce(client, accepted.namespace, name, version);
    const { followJob } = await import('../follow-job.ts');
    const job = await followJob(client, this.context.clock, accepted.job_id, ({ stage, status }) => {
      this.print(status === 'pass' ? `${this.paint('green', '✓')} ${stage}` : `${this.paint('red', '✗')} ${stage}`);
    });
    return this.#conclude(client, job, packed);
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

  /** Before the upload: a registry may refuse in the middle of it, which reads like a broken connection. */
  async #requireKey(): Promise<Credential> {
    const registry = await this.chosenRegistry();
    const { credentialFor } = await import('../registry.ts');
    const credential = await credentialFor(this.context, registry, registry);
    if (credential.token !== undefined) return credential;
    const message = `Publishing to ${registry} needs a key, and none is stored for it.`;
    throw new CodedError('unauthorized', message, credential.fix, 4);
  }

  #announce(client: Client, namespace: string, name: string, version: string): void {
    this.print(`Publishing @${namespace}/${name}@${version} to ${client.registry}`);
  }

  async #upload(client: Client, { archive, sha256, signature }: Packed, version: string) {
    const progress = new Progress(this.context, 'uploading', this.json);
    progress.expect(archive.length);
    const { streamBytes } = await import('../stream-bytes.ts');
    const body = streamBytes(archive, (bytes) => progress.advance(bytes));
    const query = { namespace: this.namespace, version, visibility: this.private ? 'private' : undefined };
    try {
      return await client.publish({ body, sha256, query, signature });
    } catch (error) {
      // A registry that refuses the key may hang up before it has read the body, and its answer is lost.
      if (error instanceof CodedError && error.code === 'network') await client.whoami();
      throw error;
    } finally {
      progress.done();
    }
  }

  #report(identity: { name: string; version: string; namespace: string | null }, { archive, sha256 }: Packed): number {
    this.answer({ ...identity, published: false, size: archive.length, sha256 });
    this.print(`would publish ${identity.name}@${identity.version}: ${formatSize(archive.length)}, sha256 ${sha256}`);
    return 0;
  }

  #conclude(client: Client, job: JobBody, { archive, sha256 }: Packed): number {
    const ref = `@${job.namespace}/${job.name}@${job.version}`;
    const published = job.status === 'pass';
    this.answer({ ...job, ref, published, registry: client.registry, size: archive.length, sha256 });
    if (published) {
      this.print(`Published ${ref}`);
      return 0;
    }
    if (this.json) return 1;
    const errors = errorsOf(job);
    for (const finding of errors) this.note(formatFinding(this.context, finding));
    const fix =
      job.status === 'quarantined'
        ? `Wait for the decision, which is mailed; or appeal: POST ${client.registry}/v1/jobs/${job.id}/appeal`
        : errors.length > 0
          ? 'Mend what is named above, and publish again.'
          : 'Publish again later; if it stays, tell the operator of the registry.';
    throw new CodedError(job.status, `${ref} was not published: ${job.message}`, fix);
  }
}

/** Warnings were told before the upload. */
function errorsOf(job: JobBody) {
  return job.stages.flatMap((stage) => stage.findings).filter(({ severity }) => severity === 'error');
}
