import { Command } from 'clipanion';
import { AuditingCommand } from '../audit/auditing-command.ts';
import { labelOf } from '../project/record.ts';

export class VerifyCommand extends AuditingCommand {
  static override paths = [['verify']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Check installed skills against their record and their registry.',
    details: 'Asks the registry that each skill came from.',
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
    if (audited.some(({ refused }) => refused)) return 4;
    return ok ? 0 : 1;
  }
}
