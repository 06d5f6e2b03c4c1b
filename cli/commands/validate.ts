import { resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base-command.ts';

export class ValidateCommand extends BaseCommand {
  static override paths = [['validate'], ['lint']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Check a skill by the rules that the registry applies.',
    details:
      'Reads a folder or a `.skill` archive. Errors end with exit code 1; warnings alone do not, unless --strict says so. The examination for signs of harm gives warnings only, and a verdict.',
    examples: [
      ['The skill in this folder', '$0 validate'],
      ['An archive, for a program', '$0 validate pdf-tools-1.0.0.skill --json'],
    ],
  });

  target = Option.String({ required: false, name: 'folder|file.skill' });

  strict = Option.Boolean('--strict', false, { description: 'Let warnings end with exit code 1 as well.' });

  protected async run(): Promise<number> {
    const target = this.target ?? '.';
    const [{ adviceFor, checkSkill }, { countFindings, formatFinding }] = await Promise.all([
      import('../check-skill.ts'),
      import('../findings.ts'),
    ]);
    const path = resolve(this.context.cwd, target);
    const skill = await checkSkill(path);
    const { metadata, bundle } = skill;
    const findings = [...skill.findings, ...adviceFor(path, skill)];
    const fatal = this.strict ? ['error', 'warning'] : ['error'];
    const valid = findings.every(({ severity }) => !fatal.includes(severity));
    this.answer({
      valid,
      name: metadata?.name ?? null,
      version: metadata?.version ?? null,
      files: bundle.files.length,
      verdict: skill.verdict,
      findings,
    });
    for (const finding of findings) this.print(formatFinding(this.context, finding));
    const verdict = valid ? this.paint('green', '✓ valid') : this.paint('red', '✗ not valid');
    this.print(`${verdict}: ${metadata?.name ?? target} (${countFindings(findings)})`);
    return valid ? 0 : 1;
  }
}
