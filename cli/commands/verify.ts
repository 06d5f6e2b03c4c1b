import { Command } from 'clipanion';
import { AuditingCommand } from '../audit/auditing-command.ts';
import { keyOfRecord, labelOf } from '../project/record.ts';
import type { Scope } from '../project/scope.ts';

export class VerifyCommand extends AuditingCommand {
  static override paths = [['verify']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Check installed skills against their record and their registry.',
    details: `
      Asks the registry that each skill came from. Without names a note tells of skills that \`skills.json\` asks for and that
      are neither locked nor installed; these alone do not make it fail.
    `,
    examples: [
      ['All skills of this project', '$0 verify'],
      ['One skill of the user', '$0 verify pdf-tools -g'],
    ],
  });
  static override exitCodes = { 1: 'A skill differs from its record, or its registry does not stand by it.' };

  protected async run(): Promise<number> {
    const { scope, audited } = await this.auditInstalled();
    const { root } = scope;
    const ok = audited.every(({ problems }) => problems.length === 0);
    this.answer({
      root,
      ok,
      skills: audited.map(({ record, problems }) => ({ ...record, ok: problems.length === 0, problems })),
    });
    if (audited.length === 0) this.print(`No skills are installed in ${root}.`);
    for (const { record, problems } of audited) {
      this.printMark(labelOf(record), problems.length === 0);
      for (const { message, fix } of problems) this.print(`  ${message}\n  fix: ${fix}`);
    }
    for (const key of await this.#missing(scope)) {
      this.note(`note: skills.json also wants ${key}, which is not installed: skills install`);
    }
    if (audited.some(({ refused }) => refused)) return 4;
    return ok ? 0 : 1;
  }

  async #missing(scope: Scope): Promise<string[]> {
    if (this.names.length > 0) return [];
    const [{ readManifest }, { readRecords }, { missingOf }] = await Promise.all([
      import('../project/manifest.ts'),
      import('../project/lock-file.ts'),
      import('../project/graph.ts'),
    ]);
    return missingOf(await readManifest(scope.manifestPath), await readRecords(scope)).map(keyOfRecord);
  }
}
