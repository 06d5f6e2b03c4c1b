import { Command } from 'clipanion';
import { offlineOption } from '../cache/offline.ts';
import type { Check } from '../doctor/check.ts';
import { RegistryCommand } from '../registry-command.ts';

export class DoctorCommand extends RegistryCommand {
  static override paths = [['doctor']];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Look for what is wrong with the set-up, and tell how to mend it.',
    details: `
      Looks at Node.js, the rights of \`~/.skills\`, the configuration and proxies; asks every registry that is in use whether it
      works, what its clock says, whether its keys are those that are trusted and whether the stored key is good; and compares
      \`skills.json\`, \`skills.lock\`, the installed files and the links of agents. With --offline no registry is asked.

      With \`--json\`: \`healthy\`, and \`checks\`, each with \`subject\`, \`status\` (ok, warning or problem), \`message\` and, unless it is
      ok, \`fix\`.
    `,
    examples: [
      ['Everything', '$0 doctor'],
      ['Without the network', '$0 doctor --offline'],
    ],
  });

  static override exitCodes = { 1: 'There is a problem; warnings are none.' };

  override offline = offlineOption();

  protected async run(): Promise<number> {
    const { diagnose } = await import('../doctor/diagnose.ts');
    const registry = this.isOffline ? undefined : { flag: this.registry, connect: (at: string) => this.client(at) };
    const checks = await diagnose(this.context, registry);
    const problems = checks.filter(({ status }) => status === 'problem').length;
    const warnings = checks.filter(({ status }) => status === 'warning').length;
    this.answer({ healthy: problems === 0, checks });
    for (const check of checks) this.#show(check);
    this.print(
      problems === 0
        ? `Nothing is wrong${warnings > 0 ? `, but see the ${count(warnings, 'warning')}` : ''}.`
        : `${count(problems, 'problem')}, ${count(warnings, 'warning')}.`,
    );
    return problems === 0 ? 0 : 1;
  }

  #show({ status, subject, message, fix }: Check): void {
    const marks = { ok: this.paint('green', '✓'), warning: this.paint('yellow', '!'), problem: this.paint('red', '✗') };
    this.print(`${marks[status]} ${subject}: ${message}`);
    if (fix !== undefined) this.print(`  ${this.paint('bold', 'fix:')} ${fix}`);
  }
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
