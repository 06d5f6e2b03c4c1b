import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base-command.ts';
import type { InstallRecord } from '../project/record.ts';
import type { Scope } from '../project/scope.ts';

/** Removed skills in whose place somebody else's files are. */
async function leftOf(scope: Scope, removed: readonly InstallRecord[]): Promise<{ name: string; path: string }[]> {
  const [{ skillFolder }, { exists }] = await Promise.all([
    import('../project/scope.ts'),
    import('../project/transaction.ts'),
  ]);
  const places = removed.map((record) => ({ name: record.name, path: skillFolder(scope, record) }));
  const there = await Promise.all(places.map(({ path }) => exists(path)));
  return places.filter((_, at) => there[at]);
}

export class UninstallCommand extends BaseCommand {
  static override paths = [['uninstall'], ['remove'], ['rm']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Remove skills, and what nothing needs any more.',
    details: `
      Takes the skills out of \`skills.json\` and \`skills.lock\`, and their files and links off the disk. Files that were
      changed by hand are kept in \`~/.skills/changed\`. A skill that another one needs stays until that is removed.

      Exit code 0, or 1 when a skill is not installed or is needed, 2 for wrong usage. With \`--json\`:
      \`{scope, root, removed, kept}\`, lists of what \`skills.lock\` said of each skill; \`kept\` are those that others need.
    `,
    examples: [
      ['Out of this project', '$0 uninstall pdf-tools'],
      ['Of the user', '$0 remove -g @acme/pdf-tools'],
    ],
  });

  names = Option.Rest({ required: 1, name: '[@ns/]name' });
  global = Option.Boolean('-g,--global', false, { description: 'The skills of the user, not of this project.' });

  protected async run(): Promise<number> {
    const [{ scopeOf }, { withScope }, { readSituation }, { planUninstall }, { install }, { keptNote }, { labelOf }] =
      await Promise.all([
        import('../project/scope.ts'),
        import('../project/exclusive.ts'),
        import('../install/situation.ts'),
        import('../project/plan-uninstall.ts'),
        import('../installer.ts'),
        import('../project/changed-files.ts'),
        import('../project/record.ts'),
      ]);
    let isWriting = false;
    this.endOnInterrupt(() => (isWriting ? undefined : 'Interrupted; nothing was removed.'));
    const scope = scopeOf(this.context, this.global);
    const remove = async (journal: string) => {
      const { target, removed, kept } = planUninstall(await readSituation(scope), this.names);
      const beforeWriting = async () => {
        isWriting = true;
      };
      const changed = await install(this.context, journal, { ...target, beforeWriting });
      this.answer({ scope: scope.kind, root: scope.root, removed, kept });
      for (const record of removed) this.print(`Removed ${labelOf(record)}`);
      for (const place of changed) this.note(keptNote(place));
      for (const { name, path } of await leftOf(scope, removed)) {
        this.note(`note: ${path} is left as it is: this program did not put ${name} there.`);
      }
      for (const record of kept) this.note(`note: ${labelOf(record)} stays, because another skill needs it.`);
      return 0;
    };
    return withScope(this.context, scope, remove, (line) => this.note(line));
  }
}
