import { Command, Option } from 'clipanion';
import { CACHE_ONLY, offlineOption } from '../cache/offline.ts';
import type { OutdatedSkill } from '../install/find-outdated.ts';
import type { MissingSkill } from '../project/graph.ts';
import { keyOfRecord } from '../project/record.ts';
import { RegistryCommand } from '../registry-command.ts';
import { table } from '../terminal.ts';
import { deprecationNote } from '../verdict-note.ts';

export class OutdatedCommand extends RegistryCommand {
  static override paths = [['outdated']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Show skills of which there are newer versions.',
    details: `
      \`wanted\` is the newest version within the ranges that are asked for, by you and by other skills: \`skills update\` brings
      it. \`latest\` is what the registry calls so: \`skills update --latest\` brings that. A version that was withdrawn since is
      shown as well. Of installed versions that are deprecated a warning tells, also when they are the newest. What
      \`skills.json\` asks for and is neither locked nor installed is shown as \`missing\`: \`skills install\` brings it.

      Exit code 0 when all is up to date, or 1 when something is not, as with npm; 4 when the registry refuses the key.
      With \`--json\`: \`{scope, root, outdated: [{namespace, name, current, wanted, latest, withdrawn, neededBy}],
      deprecated: [{namespace, name, current, message}], missing: [{namespace?, name, requested}]}\`.
    `,
    examples: [
      ['Of this project', '$0 outdated'],
      ['Of the user, for a script', '$0 outdated -g --json'],
    ],
  });

  global = Option.Boolean('-g,--global', false, { description: 'The skills of the user, not of this project.' });
  override offline = offlineOption();

  protected async run(): Promise<number> {
    const [{ scopeOf }, { settle }, { readSituation }, { findOutdated }, { missingOf }, { Registries }] =
      await Promise.all([
        import('../project/scope.ts'),
        import('../project/exclusive.ts'),
        import('../install/situation.ts'),
        import('../install/find-outdated.ts'),
        import('../project/graph.ts'),
        import('../registries.ts'),
      ]);
    const scope = scopeOf(this.context, this.global);
    await settle(this.context, scope);
    const situation = await readSituation(scope);
    const registries = await Registries.open(this.context, this.registry, { global: this.global });
    const connect = (registry: string) => this.client(registry);
    const isNamed = this.registry !== undefined;
    const { outdated, deprecated } = await findOutdated(situation, { registries, connect, isNamed });
    const missing = missingOf(situation.manifest, situation.records);
    this.answer({ scope: scope.kind, root: scope.root, outdated, deprecated, missing });
    if (this.isOffline) this.note(CACHE_ONLY);
    for (const { message, current: version, ...skill } of deprecated)
      this.note(deprecationNote({ ...skill, version }, message));
    const rows = [...outdated.map(rowOf), ...missing.map(rowOfMissing)];
    if (rows.length === 0) this.print('Everything is up to date.');
    else this.print(table([['skill', 'current', 'wanted', 'latest', 'needed by'], ...rows]));
    return rows.length === 0 ? 0 : 1;
  }
}

function rowOf({ namespace, name, current, wanted, latest, withdrawn, neededBy }: OutdatedSkill): string[] {
  const now = withdrawn ? `${current} (withdrawn)` : current;
  return [`@${namespace}/${name}`, now, wanted ?? '-', latest ?? '-', neededBy.join(', ')];
}

function rowOfMissing(skill: MissingSkill): string[] {
  return [keyOfRecord(skill), 'missing', skill.requested, '-', ''];
}
