import { join } from 'node:path';
import { Command, Option } from 'clipanion';
import type { Client } from '../client.ts';
import type { VerifiedSkill } from '../installer.ts';
import { Progress } from '../progress.ts';
import { RegistryCommand } from '../registry-command.ts';
import type { Trust } from '../registry-keys.ts';

export class InstallCommand extends RegistryCommand {
  static override paths = [['install'], ['add']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Install skills, after checking digest, signature and transparency log.',
    details: `
      Puts each skill into \`./.skills/<name>\`, or with \`--global\` into \`~/.skills/<name>\`, and notes it in \`index.json\` beside.
      All skills are downloaded and checked before the first file is written.
    `,
    examples: [
      ['The latest version', '$0 install @acme/pdf-tools'],
      ['Several, in ranges, for all projects', '$0 install -g @acme/pdf-tools@^1.2 csv-summary'],
    ],
  });

  refs = Option.Rest({ required: 1, name: '[@ns/]name[@range]' });
  global = Option.Boolean('-g,--global', false, { description: 'Install for the user, not for this folder.' });
  trustKeys = Option.Array('--trust-key', [], {
    description: 'The id of a new key of the registry to trust from now on; ask its operator first.',
  });
  trustPublishers = Option.Array('--trust-publisher', [], {
    description: "The fingerprint of a publisher's new key to trust from now on; ask the publisher first.",
  });

  protected async run(): Promise<number> {
    let writing = false;
    this.endOnInterrupt(() => (writing ? undefined : 'Interrupted; nothing was installed.'));
    const client = await this.client();
    const [{ skillsRoot }, { installSkills }] = await Promise.all([
      import('../skill-index.ts'),
      import('../installer.ts'),
    ]);
    const root = skillsRoot(this.context, this.global);
    const { skills, trusted } = await this.#fetchAll(client);
    writing = true;
    await this.#keepTrust(trusted, skills);
    await installSkills(root, skills);
    this.#report(root, skills);
    return 0;
  }

  #report(root: string, skills: readonly VerifiedSkill[]): void {
    const installed = skills.map(({ record, needs }) => ({ ...record, path: join(root, record.name), needs }));
    this.answer({ root, installed });
    for (const { formerName, record } of skills) {
      if (formerName) this.note(`note: ${formerName} is called @${record.namespace}/${record.name} now.`);
    }
    for (const { namespace, name, version, path, needs } of installed) {
      this.print(`${this.paint('green', '✓')} @${namespace}/${name}@${version} -> ${path}`);
      for (const need of needs) {
        this.print(`  needs ${need.name}@${need.range} (${need.optional ? 'optional; ' : ''}install it yourself)`);
      }
    }
  }

  async #fetchAll(client: Client): Promise<{ skills: VerifiedSkill[]; trusted: Trust }> {
    const [{ fetchSkill }, { resolveRef }, { loadKeys }, { requireShown }] = await Promise.all([
      import('../fetch-skill.ts'),
      import('../resolve-name.ts'),
      import('../registry-keys.ts'),
      import('../trust.ts'),
    ]);
    const [trusted, refs] = await Promise.all([
      loadKeys(this.context, client, this.trustKeys, this.trustPublishers),
      Promise.all(this.refs.map((ref) => resolveRef(client, ref))),
    ]);
    requireShown([trusted], this.trustKeys);
    const progress = new Progress(this.context, 'downloading', this.json);
    try {
      const now = this.context.clock.now();
      const skills = await Promise.all(refs.map((ref) => fetchSkill(client, ref, trusted, progress, now)));
      return { skills, trusted };
    } finally {
      progress.done();
    }
  }

  /** Only after signatures made with the keys, and what the log says, were found good. */
  async #keepTrust(trusted: Trust, skills: readonly VerifiedSkill[]): Promise<void> {
    const { keepKeys } = await import('../registry-keys.ts');
    const warning = await trusted.log.keep();
    if (warning) this.note(`warning: ${warning}`);
    for (const line of await trusted.publishers.keep()) this.note(line);
    const used = skills.map(({ record }) => record.keyId);
    for (const kid of await keepKeys(this.context, trusted, used)) this.noteTrust(kid, trusted);
  }
}
