import { Command, Option } from 'clipanion';
import { CACHE_ONLY } from '../cache/offline.ts';
import type { FileChange } from '../install/file-changes.ts';
import { InstallingCommand, type Result } from '../install/installing-command.ts';
import type { InstalledBody } from '../install/report.ts';
import type { Situation } from '../install/situation.ts';

interface Updated extends InstalledBody {
  files: FileChange[];
}

export class UpdateCommand extends InstallingCommand {
  static override paths = [['update'], ['upgrade']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Bring skills to their newest versions within the ranges that are wanted.',
    details: `
      Without names it updates all. What \`skills.json\` asks for stays, but with \`--latest\`, which goes past ranges and notes
      the new ones. Skills from folders and archives are read again. A skill of which the registry has no version left that is
      wanted stays as it is, with a warning; so does a deprecated version when there is no newer one that is wanted.

      Files of a skill that were changed by hand are kept in \`~/.skills/changed\` when a new version comes, which a note
      tells. \`--dry-run\` tells which files would change, and writes nothing.

      Exit code 0, also when there is nothing new; 1 when something could not be updated, 4 when the registry refuses the key.
      With \`--json\`: \`{scope, root, dryRun, updated, removed, leftOut, doubts}\`, as of \`install\`; each of \`updated\` has
      \`files: [{path, change, insertions?, deletions?}]\`, where \`change\` is \`added\`, \`removed\` or \`changed\`.
    `,
    examples: [
      ['All skills of this project', '$0 update'],
      ['What would change', '$0 update --dry-run'],
      ['One skill, past its range', '$0 update pdf-tools --latest'],
    ],
  });

  names = Option.Rest({ name: '[@ns/]name' });
  global = Option.Boolean('-g,--global', false, { description: 'The skills of the user, not of this project.' });
  latest = Option.Boolean('--latest', false, { description: 'Go past the ranges that are wanted.' });
  dryRun = Option.Boolean('--dry-run', false, { description: 'Tell what would change, and change nothing.' });

  protected async run(): Promise<number> {
    return this.changeScope(this.global, async ({ situation, pool }) => {
      const { planUpdate } = await import('../install/plan-update.ts');
      const options = { names: this.names, latest: this.latest };
      return planUpdate(this.reachable, situation, pool, options, (line) => this.note(line));
    });
  }

  protected override get isTrial(): boolean {
    return this.dryRun;
  }

  /** With the files that change, which have to be looked at before they do. */
  protected override async prepareReport(situation: Situation, result: Result): Promise<() => void> {
    const [report, { fileChanges, lineOfFile }, { readInstalled }, { labelOf }, { exists }] = await Promise.all([
      import('../install/report.ts'),
      import('../install/file-changes.ts'),
      import('../folder.ts'),
      import('../project/record.ts'),
      import('../project/transaction.ts'),
    ]);
    const { skillFolder } = await import('../project/scope.ts');
    const { scope } = situation;
    const { after, moved = [] } = result;
    const updated: Updated[] = [];
    for (const skill of after) {
      const body = report.describe(situation, skill, moved);
      if (body.change === 'kept' || !skill.bundle) continue;
      const before = report.formerOf(situation, skill.record, moved);
      const folder = before && skillFolder(scope, before);
      const old = folder && (await exists(folder)) ? await readInstalled(folder) : { files: [] };
      updated.push({ ...body, files: fileChanges(old, skill.bundle) });
    }
    const removed = report.removedFrom(situation, after, moved);
    return () => {
      const { kind, root } = scope;
      const leftOut = (result.leftOut ?? []).map(report.leftOutBody);
      this.answer({ scope: kind, root, dryRun: this.dryRun, updated, removed, leftOut, doubts: result.doubts ?? [] });
      this.tellBeside(result);
      if (this.isOffline) this.note(CACHE_ONLY);
      for (const skill of updated) {
        this.print(`${this.paint('green', this.dryRun ? '→' : '✓')} ${report.lineOf(skill, [])}`);
        for (const file of skill.files) this.print(`    ${lineOfFile(file)}`);
      }
      for (const record of removed) this.print(`- ${labelOf(record)}: nothing needs it any more.`);
      if (updated.length + removed.length === 0) this.print('Everything is up to date.');
      else if (this.dryRun) this.print('Nothing was changed: leave out --dry-run to do it.');
    };
  }
}
