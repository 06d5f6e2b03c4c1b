import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base-command.ts';
import type { Level } from '../completion/model.ts';
import { usageError } from '../failure.ts';

type Script = (levels: readonly Level[]) => string;

const SCRIPTS: Record<string, () => Promise<Script>> = {
  bash: async () => (await import('../completion/bash.ts')).bashScript,
  zsh: async () => (await import('../completion/zsh.ts')).zshScript,
  fish: async () => (await import('../completion/fish.ts')).fishScript,
  powershell: async () => (await import('../completion/powershell.ts')).powershellScript,
};

export class CompletionCommand extends BaseCommand {
  static override paths = [['completion']];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Print a script that lets a shell complete commands, options and installed skills.',
    details: `
      For bash, zsh, fish and powershell. The script knows the commands of this version: print it anew at each start of the shell, as
      below, or after an update. It starts no program when you press Tab. With \`--json\`, the script is the text \`script\`.
    `,
    examples: [
      ['bash: put this into ~/.bashrc', 'eval "$($0 completion bash)"'],
      ['zsh: put this into ~/.zshrc, after compinit', 'eval "$($0 completion zsh)"'],
      ['fish: once', '$0 completion fish > ~/.config/fish/completions/skills.fish'],
      ['PowerShell: put this into $PROFILE', '$0 completion powershell | Out-String | Invoke-Expression'],
    ],
  });

  shell = Option.String({ name: 'shell' });

  protected async run(): Promise<number> {
    const load = Object.hasOwn(SCRIPTS, this.shell) ? SCRIPTS[this.shell] : undefined;
    if (load === undefined) {
      throw usageError(`There is no completion for '${this.shell}'.`, `Use one of ${Object.keys(SCRIPTS).join(', ')}.`);
    }
    const [write, { completionLevels }, { COMMANDS }, { AGENTS }] = await Promise.all([
      load(),
      import('../completion/model.ts'),
      import('../program.ts'),
      import('../agents/table.ts'),
    ]);
    const script = write(
      completionLevels(
        COMMANDS,
        AGENTS.map(({ name }) => name),
      ),
    );
    this.answer({ shell: this.shell, script });
    this.print(script.trimEnd());
    return 0;
  }
}
