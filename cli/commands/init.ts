import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import { errorCode } from '../atomic-file.ts';
import { BaseCommand } from '../base-command.ts';
import { usageError } from '../failure.ts';
import type { NewSkill } from '../init/templates.ts';

export class InitCommand extends BaseCommand {
  static override paths = [['init']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Begin a skill.',
    details: `
      Writes a SKILL.md that is valid as it is, with the name of its folder, as the format wants it. What is not given is asked for on
      a terminal, or left to be filled in with \`--yes\`. No file is ever overwritten.

      With \`--json\`: \`name\`, \`version\`, \`folder\`, \`files\`.
    `,
    examples: [
      ['In a new folder', '$0 init pdf-tools'],
      ['In this folder, without questions, with all kinds of files', '$0 init --yes --yaml --references'],
      [
        'In a script',
        '$0 init csv-summary --description "Sums up CSV files. Use it for tables of numbers." --license MIT',
      ],
    ],
  });

  folder = Option.String({ required: false, name: 'folder' });
  description = Option.String('--description', {
    description: 'What it does and when to use it; 20 to 1024 characters.',
  });
  license = Option.String('--license', { description: 'Its licence, such as MIT.' });
  yaml = Option.Boolean('--yaml', false, { description: 'Also write a skill.yaml, for keywords and dependencies.' });
  references = Option.Boolean('--references', false, { description: 'Also write an example of a reference.' });
  yes = Option.Boolean('-y,--yes', false, { description: 'Ask nothing.' });

  protected async run(): Promise<number> {
    const folder = resolve(this.context.cwd, this.folder ?? '.');
    const name = basename(folder);
    await this.#requireName(name);
    const [{ FIRST_VERSION, newFiles }, { shownPath }] = await Promise.all([
      import('../init/templates.ts'),
      import('../validate/place.ts'),
    ]);
    const kinds = { yaml: this.yaml, references: this.references };
    await requireNew(folder, Object.keys(newFiles({ name, description: '', ...kinds })));
    const files = newFiles({ name, ...(await this.#ask()), ...kinds });
    await this.#requireValid(folder, files);
    await writeNew(folder, files);
    this.answer({ name, version: FIRST_VERSION, folder, files: Object.keys(files) });
    const shown = shownPath(this.context.cwd, folder);
    for (const path of Object.keys(files)) this.print(`wrote ${shownPath(this.context.cwd, join(folder, path))}`);
    this.print(`Now write what the agent is to do, and check it: skills validate${shown === '.' ? '' : ` ${shown}`}`);
    return 0;
  }

  async #requireName(name: string): Promise<void> {
    const { checkSkillName } = await import('../../src/format/names.ts');
    const problem = checkSkillName(name);
    if (problem === undefined) return;
    const better = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 64);
    const example = checkSkillName(better) === undefined ? better : 'my-skill';
    throw usageError(
      `The folder gives the skill its name, but: ${problem}.`,
      `Use another one: skills init ${example}`,
    );
  }

  async #ask(): Promise<Pick<NewSkill, 'description' | 'license'>> {
    const { PLACEHOLDER } = await import('../init/placeholder.ts');
    if (this.yes) return { description: this.description ?? PLACEHOLDER, license: this.license };
    if (this.description !== undefined && (this.license !== undefined || !this.context.terminal.stdin))
      return { description: this.description, license: this.license };
    const { Prompt } = await import('../prompt.ts');
    const prompt = new Prompt(this.context);
    try {
      const description =
        this.description ??
        (await prompt.ask('Description (what it does, and when to use it)', '--description, or --yes'));
      const license = this.license ?? (await prompt.askOptional('Licence, such as MIT (none)', '--license'));
      return { description, license };
    } finally {
      prompt.close();
    }
  }

  /** By the rules of a registry; a warning is told, and is for the author to judge. */
  async #requireValid(folder: string, files: Record<string, string>): Promise<void> {
    const [{ adviceFor, checkLocal }, { formatFinding }, { bundleOf }] = await Promise.all([
      import('../check-skill.ts'),
      import('../findings.ts'),
      import('../../src/format/accept-files.ts'),
    ]);
    const encoder = new TextEncoder();
    const entries = Object.entries(files);
    const bundle = bundleOf(entries.map(([path, text]) => ({ path, bytes: encoder.encode(text), executable: false })));
    const skill = checkLocal({ bundle });
    const findings = [...skill.findings, ...adviceFor(folder, skill)];
    const error = findings.find(({ severity }) => severity === 'error');
    if (error) throw usageError(`Nothing was written: ${error.message}.`, error.fix);
    // That nothing was said yet is no news to whoever said --yes.
    for (const finding of findings.filter(({ rule }) => rule !== 'placeholder-description'))
      this.note(formatFinding(this.context, finding));
  }
}

/** Before anything is asked: none of the files is there, nor a SKILL.md that is written otherwise. */
async function requireNew(folder: string, files: readonly string[]): Promise<void> {
  const names = await readdir(folder).catch((cause) => {
    const code = errorCode(cause);
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR')
      throw usageError(`${folder} is not a folder.`, 'Name a new folder, or one without a skill.');
    throw cause;
  });
  const there = names.find((name) => /^skill\.md$/i.test(name));
  if (there !== undefined) throw exists(join(folder, there));
  for (const file of files) if (await isThere(join(folder, file))) throw exists(join(folder, file));
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Takes away what it wrote when one of the files has come into being meanwhile. */
async function writeNew(folder: string, files: Record<string, string>): Promise<void> {
  const written: string[] = [];
  try {
    for (const [path, text] of Object.entries(files)) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text, { flag: 'wx' });
      written.push(target);
    }
  } catch (error) {
    for (const target of written) await rm(target);
    if (errorCode(error) !== 'EEXIST') throw error;
    throw exists(error instanceof Error && 'path' in error ? String(error.path) : folder);
  }
}

function exists(path: string) {
  return usageError(`${path} is there already; nothing was written.`, 'Name another folder, or move it away.');
}
