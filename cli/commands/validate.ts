import { resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base-command.ts';
import { usageError } from '../failure.ts';
import type { SkillReport } from '../validate/report.ts';

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
type Format = (typeof FORMATS)[number];

export class ValidateCommand extends BaseCommand {
  static override paths = [['validate'], ['lint']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Check skills by the rules that the registry applies.',
    details: `
      Reads folders and \`.skill\` archives. A folder without a SKILL.md stands for all skills below it: ten levels deep, hidden
      folders and \`node_modules\` passed over. Errors end with exit code 1; warnings alone do not, unless --strict says so. The examination
      for signs of harm gives warnings only, and a verdict; a verdict other than clean fails with --strict. A registry may hold back what
      it calls malicious.

      \`--format sarif\` is for code scanning (SARIF 2.1.0), \`--format github\` for annotations in GitHub Actions. Paths in both are relative
      to the working directory: run it where the repository begins.

      With \`--json\`: \`valid\`, \`errors\`, \`warnings\`, and \`skills\`: for each \`path\`, \`valid\`, \`name\`, \`version\`, \`files\` (how many), \`verdict\`, \`score\`
      and \`findings\`. What cannot be read has no name, version, verdict and score (null), and an error among its findings.
    `,
    examples: [
      ['The skill in this folder', '$0 validate'],
      ['All skills of a repository, for code scanning', '$0 validate . --format sarif > skills.sarif'],
      ['In a workflow of GitHub Actions, warnings included', '$0 validate skills --format github --strict'],
      ['An archive, for a program', '$0 validate pdf-tools-1.0.0.skill --json'],
    ],
  });
  static override exitCodes = {
    1: 'A skill breaks a rule, or with --strict there is a warning or a verdict other than clean.',
  };

  targets = Option.Rest({ name: 'folder|file.skill' });
  format = Option.String('--format', { description: 'text, json (as --json), sarif or github; else text.' });
  strict = Option.Boolean('--strict', false, {
    description: 'Let warnings, and a verdict other than clean, end with exit code 1 as well.',
  });

  protected async run(): Promise<number> {
    const format = this.#chooseFormat();
    const [{ findSkills }, { reportOn }] = await Promise.all([
      import('../publish/find-skills.ts'),
      import('../validate/report.ts'),
    ]);
    const targets = this.targets.length === 0 ? ['.'] : this.targets;
    const found = await Promise.all(targets.map((target) => findSkills(resolve(this.context.cwd, target))));
    const reports: SkillReport[] = [];
    for (const path of new Set(found.flat())) reports.push(await reportOn(path, this.strict));
    await this.#tell(format, reports);
    return reports.every(({ valid }) => valid) ? 0 : 1;
  }

  #chooseFormat(): Format {
    const format = FORMATS.find((each) => each === (this.format ?? 'text'));
    if (format === undefined)
      throw usageError(`There is no format '${this.format}'.`, `Use one of ${FORMATS.join(', ')}.`);
    if (this.json && this.format !== undefined && format !== 'json')
      throw usageError(`--json and --format ${format} contradict each other.`, 'Give one of them.');
    this.json ||= format === 'json';
    return this.json ? 'json' : format;
  }

  async #tell(format: Format, reports: readonly SkillReport[]): Promise<void> {
    const { cwd } = this.context;
    if (format === 'sarif') {
      const { sarifLog } = await import('../validate/sarif.ts');
      const log = sarifLog(cwd, this.cli.binaryVersion ?? '0.0.0', reports);
      this.context.stdout.write(`${JSON.stringify(log, null, 2)}\n`);
    } else if (format === 'github') {
      const { annotation } = await import('../validate/github.ts');
      for (const report of reports) {
        for (const finding of report.findings) this.print(annotation(cwd, report, finding));
      }
    } else {
      const { reportDocument, reportLines } = await import('../validate/text.ts');
      this.answer(reportDocument(cwd, reports));
      for (const line of reportLines(this.context, reports)) this.print(line);
    }
  }
}
