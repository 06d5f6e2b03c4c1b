import { join } from 'node:path';
import { Command, Option } from 'clipanion';
import type { Client } from '../client.ts';
import type { VerifiedSkill } from '../installer.ts';
import { Progress } from '../progress.ts';
import { RegistryCommand } from '../registry-command.ts';
import type { TrustedKeys } from '../trust.ts';

export class InstallCommand extends RegistryCommand {
  static override paths = [['install'], ['add']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Install skills, after checking digest and signature.',
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

  protected async run(): Promise<number> {
    const client = await this.client();
    const [{ skillsRoot }, { installSkills }] = await Promise.all([
      import('../skill-index.ts'),
      import('../installer.ts'),
    ]);
    const root = skillsRoot(this.context, this.global);
    const { skills, trusted } = await this.#fetchAll(client);
    await this.#keepKeys(client.registry, trusted);
    await installSkills(root, skills);
    this.answer({ root, installed: skills.map(({ record }) => ({ ...record, path: join(root, record.name) })) });
    for (const { record } of skills) {
      const { namespace, name, version } = record;
      this.print(`${this.paint('green', '✓')} @${namespace}/${name}@${version} -> ${join(root, name)}`);
    }
    return 0;
  }

  async #fetchAll(client: Client): Promise<{ skills: VerifiedSkill[]; trusted: TrustedKeys }> {
    const [{ fetchSkill }, { resolveRef }, { loadKeys }] = await Promise.all([
      import('../fetch-skill.ts'),
      import('../resolve-name.ts'),
      import('../registry-keys.ts'),
    ]);
    const [trusted, refs] = await Promise.all([
      loadKeys(this.context, client),
      Promise.all(this.refs.map((ref) => resolveRef(client, ref))),
    ]);
    const progress = new Progress(this.context, 'downloading', this.json);
    try {
      const now = this.context.clock.now();
      const skills = await Promise.all(refs.map((ref) => fetchSkill(client, ref, trusted, progress, now)));
      return { skills, trusted };
    } finally {
      progress.done();
    }
  }

  /** Only after signatures made with them were found good. */
  async #keepKeys(registry: string, trusted: TrustedKeys): Promise<void> {
    const { keepKeys } = await import('../registry-keys.ts');
    await keepKeys(this.context, registry, trusted);
    for (const kid of trusted.added) this.note(`note: trusting the key ${kid} of ${registry} from now on.`);
  }
}
