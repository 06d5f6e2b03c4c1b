import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import { errorCode } from '../atomic-file.ts';
import { CodedError, usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';

export class KeyCommand extends RegistryCommand {
  static override paths = [['key']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Manage the OpenPGP keys that a namespace signs its skills with.',
    details: `
      \`add\` registers a public key, \`list\` shows those of a namespace, \`remove\` revokes one for good: what was published with it is
      then shown as signed with a revoked key.
    `,
    examples: [
      ['Register a key', '$0 key add ada.asc'],
      ['The keys of a namespace', '$0 key list acme'],
      ['Revoke a key', '$0 key remove 0123456789ABCDEF0123456789ABCDEF01234567'],
    ],
  });

  action = Option.String({ name: 'add|list|remove' });
  subject = Option.String({ required: false, name: 'file|namespace|fingerprint' });
  namespace = Option.String('--namespace', { description: 'The namespace; else that of your key.' });

  protected async run(): Promise<number> {
    const { action, subject } = this;
    if (action === 'list') return this.#list(subject ?? (await this.#ownNamespace()));
    if (action !== 'add' && action !== 'remove') {
      throw usageError(`'${action}' cannot be done with keys.`, 'Use add, list or remove.');
    }
    if (subject === undefined) {
      const [what, example] = action === 'add' ? ['file', 'ada.asc'] : ['fingerprint', '<fingerprint>'];
      throw usageError(`Which key? The ${what} is missing.`, `Write it as: skills key ${action} ${example}`);
    }
    return action === 'add' ? this.#add(subject) : this.#remove(subject);
  }

  async #add(file: string): Promise<number> {
    const armored = await readFile(resolve(this.context.cwd, file), 'utf8').catch((cause) => {
      throw new CodedError('failed', `${file} cannot be read (${errorCode(cause)}).`, 'Check the path.', 1, { cause });
    });
    const { readPgpKey } = await import('../../src/format/openpgp/read-key.ts');
    // Also so that a private key given by mistake stays here.
    const key = await readPgpKey(armored, this.context.clock.now());
    const namespace = await this.#ownNamespace();
    const client = await this.clientFor(this.namespace);
    const added = await client.addPgpKey(namespace, key.armored);
    this.answer({ namespace, ...added });
    this.print(`${namespace} signs with ${added.fingerprint} (${added.user_id}) from now on.`);
    return 0;
  }

  async #list(namespace: string): Promise<number> {
    const client = await this.clientFor(namespace);
    const { keys } = await client.pgpKeys(namespace);
    this.answer({ namespace, keys });
    if (keys.length === 0) this.print(`${namespace} has no keys.`);
    for (const { fingerprint, user_id, revoked_at } of keys) {
      this.print(`${fingerprint}  ${user_id}${revoked_at === null ? '' : `  revoked ${revoked_at}`}`);
    }
    return 0;
  }

  async #remove(fingerprint: string): Promise<number> {
    const namespace = await this.#ownNamespace();
    const client = await this.clientFor(this.namespace);
    await client.removePgpKey(namespace, fingerprint);
    this.answer({ namespace, fingerprint, removed: true });
    this.print(`${namespace} has revoked ${fingerprint}.`);
    return 0;
  }

  async #ownNamespace(): Promise<string> {
    if (this.namespace !== undefined) return this.namespace;
    const { namespace } = await (await this.client()).whoami();
    if (namespace !== null) return namespace;
    throw usageError('An operator has no namespace.', 'Name one with --namespace.');
  }
}
