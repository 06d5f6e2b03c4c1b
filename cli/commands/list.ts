import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base-command.ts';
import { table } from '../terminal.ts';

export class ListCommand extends BaseCommand {
  static override paths = [['list'], ['ls']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'List installed skills.',
    examples: [
      ['Of this folder', '$0 list'],
      ['Of the user', '$0 list -g'],
    ],
  });

  global = Option.Boolean('-g,--global', false, { description: 'The skills of the user, not of this folder.' });

  protected async run(): Promise<number> {
    const { readIndex, skillsRoot } = await import('../skill-index.ts');
    const root = skillsRoot(this.context, this.global);
    const skills = [...(await readIndex(root)).values()];
    this.answer({ root, skills });
    if (skills.length === 0) this.print(`No skills are installed in ${root}.`);
    else
      this.print(
        table(skills.map(({ namespace, name, version, registry }) => [`@${namespace}/${name}`, version, registry])),
      );
    return 0;
  }
}
