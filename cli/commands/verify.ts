import { Command, Option } from 'clipanion';
import type { AuditProblem } from '../audit.ts';
import { CodedError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';
import type { InstallRecord } from '../skill-index.ts';

export class VerifyCommand extends RegistryCommand {
  static override paths = [['verify']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Check installed skills against their record and their registry.',
    details: 'Asks the registry that each skill came from. Ends with exit code 1 when anything differs.',
    examples: [
      ['All skills of this folder', '$0 verify'],
      ['One skill of the user', '$0 verify pdf-tools -g'],
    ],
  });

  names = Option.Rest({ name: 'names' });
  global = Option.Boolean('-g,--global', false, { description: 'The skills of the user, not of this folder.' });

  protected async run(): Promise<number> {
    const { readIndex, skillsRoot } = await import('../skill-index.ts');
    const root = skillsRoot(this.context, this.global);
    const records = select(root, await readIndex(root), this.names);
    const results = await Promise.all(
      records.map(async (record) => ({ record, problems: await this.#audit(root, record) })),
    );
    const ok = results.every(({ problems }) => problems.length === 0);
    this.answer({
      root,
      ok,
      skills: results.map(({ record, problems }) => ({ ...record, ok: problems.length === 0, problems })),
    });
    if (results.length === 0) this.print(`No skills are installed in ${root}.`);
    for (const { record, problems } of results) {
      const mark = problems.length === 0 ? this.paint('green', '✓') : this.paint('red', '✗');
      this.print(`${mark} @${record.namespace}/${record.name}@${record.version}`);
      for (const { message, fix } of problems) this.print(`  ${message}\n  fix: ${fix}`);
    }
    return ok ? 0 : 1;
  }

  async #audit(root: string, record: InstallRecord): Promise<AuditProblem[]> {
    const [{ auditFiles, auditRegistry }, { loadKeys }] = await Promise.all([
      import('../audit.ts'),
      import('../registry-keys.ts'),
    ]);
    const client = await this.client(record.registry);
    const trusted = await loadKeys(this.context, client);
    const [files, registry] = await Promise.all([auditFiles(root, record), auditRegistry(client, trusted, record)]);
    return [...files, ...registry];
  }
}

function select(root: string, index: Map<string, InstallRecord>, names: readonly string[]): InstallRecord[] {
  if (names.length === 0) return [...index.values()];
  return names.map((name) => {
    const record = index.get(name);
    if (record) return record;
    throw new CodedError('not_installed', `'${name}' is not installed in ${root}.`, 'See what is: skills list');
  });
}
