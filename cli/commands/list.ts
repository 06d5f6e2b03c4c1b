import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base-command.ts';
import type { TreeLine } from '../project/graph.ts';
import { table } from '../terminal.ts';

export class ListCommand extends BaseCommand {
  static override paths = [['list'], ['ls']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'List installed skills and what they need.',
    details: `
      Skills that were asked for, each with those that it needs below it.

      Exit code 0. With \`--json\`: \`{scope, root, skills: [{…, path, state, requested?, neededBy}]}\`, where \`state\` is
      \`installed\`, or \`missing\` when the files are not there.
    `,
    examples: [
      ['Of this project', '$0 list'],
      ['Of the user', '$0 list -g'],
    ],
  });

  global = Option.Boolean('-g,--global', false, { description: 'The skills of the user, not of this project.' });

  protected async run(): Promise<number> {
    const [{ readInstalledSkills }, { readManifest }, graph, { keyOfRecord }, { exists }] = await Promise.all([
      import('../project/installed.ts'),
      import('../project/manifest.ts'),
      import('../project/graph.ts'),
      import('../project/record.ts'),
      import('../project/transaction.ts'),
    ]);
    const { scope, skills } = await readInstalledSkills(this.context, this.global);
    const records = new Map(skills.map(({ record }) => [keyOfRecord(record), record]));
    const roots = graph.rootsOf(await readManifest(scope.manifestPath), records);
    const missing = new Set<string>();
    for (const { record, path } of skills) if (!(await exists(path))) missing.add(keyOfRecord(record));
    this.answer({
      scope: scope.kind,
      root: scope.root,
      skills: skills.map(({ record, path }) => {
        const key = keyOfRecord(record);
        const requested = roots.get(key);
        const state = missing.has(key) ? 'missing' : 'installed';
        const { requested: _, ...rest } = record;
        const neededBy = graph.neededBy(key, records);
        return { ...rest, path, state, ...(requested === undefined ? {} : { requested }), neededBy };
      }),
    });
    if (skills.length === 0) this.print(`No skills are installed in ${scope.root}.`);
    else this.print(table(graph.treeOf(roots.keys(), records).map((line) => rowOf(line, missing))));
    return 0;
  }
}

/** `└── @acme/csv-summary`, its version, where it came from, and what is wrong with it. */
function rowOf({ key, branch, record, isRepeated }: TreeLine, missing: ReadonlySet<string>): string[] {
  if (!record) return [`${branch}${key}`, '', 'not installed'];
  const notes = [
    ...(missing.has(key) ? ['missing: run `skills install`'] : []),
    ...(isRepeated ? ['see above'] : []),
    ...(record.agents ?? []),
  ];
  const place = record.registry ?? record.source ?? '';
  return [`${branch}${key}`, record.version, notes.length === 0 ? place : `${place}  (${notes.join(', ')})`];
}
