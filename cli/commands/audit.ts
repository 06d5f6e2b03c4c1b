import { Command, Option } from 'clipanion';
import { type AuditedSkill, AuditingCommand } from '../audit/auditing-command.ts';
import type { Examined } from '../audit/examine-installed.ts';
import { labelOf } from '../project/record.ts';

export class AuditCommand extends AuditingCommand {
  static override paths = [['audit']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Check installed skills for what has become known or changed since.',
    details: `
      Does what \`verify\` does: files on disk, withdrawn versions, signatures, transparency log. Then asks what the registry's newest
      examination says of each version, and examines the installed files by the rules of this command line. A skill that either
      calls suspicious is a problem, unless --level says \`malicious\`.

      With \`--json\`:
      \`{scope, root, level, engine_version, ok, skills: [{…, path, ok, verdicts: {registry, local}, problems: [{code, message, fix}],
      findings: [{…, new}]}]}\`.
    `,
    examples: [
      ['All skills of this project', '$0 audit'],
      ['Those of the user', '$0 audit -g'],
      ['In CI, for a program', '$0 audit --level malicious --json'],
    ],
  });

  static override exitCodes = { 1: 'A skill has a problem, or its registry could not be asked about it.' };

  level = Option.String('--level', 'suspicious', { description: 'The verdict that fails: suspicious or malicious.' });

  protected async run(): Promise<number> {
    const { ENGINE_VERSION, examineInstalled, levelOf } = await import('../audit/examine-installed.ts');
    const level = levelOf(this.level);
    const { scope, audited } = await this.auditInstalled();
    const judged = await Promise.all(
      audited.map(async (skill): Promise<Judged> => {
        const examined = await examineInstalled(skill, level);
        return { ...skill, examined, problems: [...skill.problems, ...examined.problems] };
      }),
    );
    const ok = judged.every(({ problems }) => problems.length === 0);
    const skills = judged.map(toDocument);
    this.answer({ scope: scope.kind, root: scope.root, level, engine_version: ENGINE_VERSION, ok, skills });
    await this.#report(scope.root, judged);
    if (judged.some(({ refused }) => refused)) return 4;
    return ok ? 0 : 1;
  }

  async #report(root: string, judged: readonly Judged[]): Promise<void> {
    const { formatFinding } = await import('../findings.ts');
    if (judged.length === 0) this.print(`No skills are installed in ${root}.`);
    for (const { record, problems, verdict, examined } of judged) {
      const doubts = new Set([verdict, examined.verdict].filter((said) => said && said !== 'clean'));
      const said = doubts.size === 0 ? '' : ` (${[...doubts].join(', ')})`;
      this.printMark(`${labelOf(record)}${said}`, problems.length === 0);
      for (const { message, fix } of problems) this.print(`  ${message}\n  fix: ${fix}`);
      if (!problems.some(({ code }) => code === 'examination')) continue;
      for (const finding of examined.findings) {
        if (finding.new !== false) this.print(formatFinding(this.context, finding).replace(/^/gm, '  '));
      }
    }
  }
}

type Judged = AuditedSkill & { examined: Examined };

function toDocument({ record, path, problems, verdict = null, examined }: Judged) {
  return {
    ...record,
    path,
    ok: problems.length === 0,
    verdicts: { registry: verdict, local: examined.verdict ?? null },
    problems,
    findings: examined.findings,
  };
}
