import { Command, Option } from 'clipanion';
import type { JobBody } from '../../src/http/v1/schemas.ts';
import type { Client } from '../client.ts';
import { CodedError } from '../failure.ts';
import { formatFinding } from '../findings.ts';
import type { Credential } from '../http.ts';
import { requireValid } from '../local-skill-command.ts';
import { formatSize, Progress } from '../progress.ts';
import { RegistryCommand } from '../registry-command.ts';

interface Packed {
  archive: Uint8Array;
  sha256: string;
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
    ],
  });

  target = Option.String({ required: false, name: 'folder|file.skill' });
  namespace = Option.String('--namespace', { description: 'The namespace; else that of the skill or of your key.' });
  version = Option.String('--version', { description: 'The version, for a skill that names none.' });
  private = Option.Boolean('--private', false, { description: 'Show a new skill to keys of its namespace only.' });
  dryRun = Option.Boolean('--dry-run', false, { description: 'Pack and check, but upload nothing.' });

  protected async run(): Promise<number> {
    const skill = await requireValid(this, this.target ?? '.');
    const [{ archiveOf, chooseVersion }, { sha256Hex }] = await Promise.all([
      import('../check-skill.ts'),
      import('../../src/format/digest.ts'),
    ]);
    const version = chooseVersion(skill.metadata, this.version);
    const archive = await archiveOf(skill);
    const packed = { archive, sha256: await sha256Hex(archive) };
    const { name, namespace = null } = skill.metadata;
    if (this.dryRun) return this.#report({ name, version, namespace: this.namespace ?? namespace }, packed);
    const credential = await this.#requireKey();
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

  async #upload(client: Client, { archive, sha256 }: Packed, version: string) {
    const progress = new Progress(this.context, 'uploading', this.json);
    progress.expect(archive.length);
    const { streamBytes } = await import('../stream-bytes.ts');
    const body = streamBytes(archive, (bytes) => progress.advance(bytes));
    const query = { namespace: this.namespace, version, visibility: this.private ? 'private' : undefined };
    try {
      return await client.publish({ body, sha256, query });
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
      errors.length > 0
        ? 'Mend what is named above, and publish again.'
        : 'Publish again later; if it stays, tell the operator of the registry.';
    throw new CodedError(job.status, `${ref} was not published: ${job.message}`, fix);
  }
}

/** Warnings were told before the upload. */
function errorsOf(job: JobBody) {
  return job.stages.flatMap((stage) => stage.findings).filter(({ severity }) => severity === 'error');
}
