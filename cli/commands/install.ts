import { Command, Option } from 'clipanion';
import { AGENTS } from '../agents/table.ts';
import { usageError } from '../failure.ts';
import { InstallingCommand } from '../install/installing-command.ts';

export class InstallCommand extends InstallingCommand {
  static override paths = [['install'], ['add']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Install skills and what they need, after checking digest, signature and transparency log.',
    details: `
      Puts each skill into \`.agents/skills/<name>\` of the project, and links it into the folders of the agents that are in use
      there. What you ask for is noted in \`skills.json\`, and what you got in \`skills.lock\`. With \`--global\` skills are for
      the user: in \`~/.skills/<name>/<version>\`, noted in \`~/.skills/index.json\`.

      Without names it installs what \`skills.json\` asks for, in the versions of \`skills.lock\`. Everything is downloaded and
      checked before the first file is written; then all of it is there or nothing. Files that were changed by hand stay as they
      are, but where a skill is named or comes in another version: then they are kept in \`~/.skills/changed\`.

      A skill can also come from a folder, an archive or a web address. Nobody signed it then: it has to keep the rules of
      the format, and what looks doubtful is told.

      Exit code 0, or 1 when something could not be installed, 2 for wrong usage, 4 when the registry refuses the key. With
      \`--json\`: \`{scope, root, installed: [{namespace?, name, version, …, path, change, from?}], removed, leftOut, doubts}\`,
      where \`change\` is \`added\`, \`updated\`, \`restored\` or \`kept\`, \`…\` what \`skills.lock\` says, \`removed\` what nothing
      needs any more, \`leftOut\` the optional skills that do not fit, and \`doubts\` findings about skills from no registry.

      Agents for \`--agent\`: ${AGENTS.map(({ name }) => name).join(', ')}.
    `,
    examples: [
      ['The latest version', '$0 install @acme/pdf-tools'],
      ['Several, in ranges, for all projects', '$0 install -g @acme/pdf-tools@^1.2 csv-summary'],
      ['What the project asks for', '$0 install'],
      ['A skill that you write', '$0 install ./my-skill'],
      ['For an agent that is not in use here yet', '$0 install @acme/pdf-tools -a claude-code'],
    ],
  });

  refs = Option.Rest({ name: '[@ns/]name[@range] | folder | archive | address' });
  global = Option.Boolean('-g,--global', false, { description: 'Install for the user, not for this project.' });
  agents = Option.Array('-a,--agent', [], { description: "An agent that shall see the skills; '*' for all." });
  copy = Option.Boolean('--copy', false, { description: 'Give agents copies, not links.' });
  noSave = Option.Boolean('--no-save', false, { description: 'Do not note the skills in skills.json.' });
  frozen = Option.Boolean('--frozen', false, { description: 'As `ci`: exactly what skills.lock says, or nothing.' });

  protected async run(): Promise<number> {
    if (this.frozen) {
      this.#refuseWithFrozen();
      return this.runFrozen();
    }
    return this.changeScope(this.global, async ({ situation, pool }) => {
      const { planInstall } = await import('../install/plan-install.ts');
      const options = { refs: this.refs, agents: this.agents, copy: this.copy, save: !this.noSave };
      return planInstall(this.reachable, situation, pool, options, (line) => this.note(line));
    });
  }

  #refuseWithFrozen(): void {
    const other = this.refs[0] ?? ((this.global && '--global') || (this.noSave && '--no-save'));
    if (!other) return;
    throw usageError(
      `--frozen installs what skills.lock says; '${other}' does not go with it.`,
      'Leave one of them out.',
    );
  }
}
