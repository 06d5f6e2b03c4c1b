import { Command } from 'clipanion';
import { InstallingCommand } from '../install/installing-command.ts';

export class CiCommand extends InstallingCommand {
  static override paths = [['ci']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Install exactly what skills.lock says, or nothing.',
    details: `
      For build machines, and for everybody who has cloned a project. Fails before anything is written when \`skills.lock\` is
      missing, does not fit \`skills.json\`, or when a registry offers something else than was locked. Files that were changed
      by hand are as locked again afterwards; your version of them is kept in \`~/.skills/changed\`.

      Exit code 0, or 1 when something could not be installed as locked, 4 when the registry refuses the key. With \`--json\` it
      answers as \`install\` does.
    `,
    examples: [
      ['After a clone', '$0 ci'],
      ['Without the network, from the cache', '$0 ci --offline'],
    ],
  });

  protected run(): Promise<number> {
    return this.runFrozen();
  }
}
