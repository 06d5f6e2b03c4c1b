import { Command, Option } from 'clipanion';
import { offlineOption } from '../cache/offline.ts';
import { usageError } from '../failure.ts';
import type { FetchedSkill } from '../fetch-skill.ts';
import type { ResolvedRef } from '../resolve-name.ts';
import { SkillReadingCommand } from '../skill-reading-command.ts';
import { verdictNote } from '../verdict-note.ts';

export class UseCommand extends SkillReadingCommand {
  static override paths = [['use']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Print a skill as a prompt, without installing it.',
    details: `
      For an agent that takes skills as text, or to try one. Prints which skill it is, the files that it has beside SKILL.md, and its
      instructions; \`--file\` prints one of those files as it is, also a binary one, unless stdout is a terminal.

      The version is checked as \`skills install\` does, with the same keys and the same log, and kept in the cache; the project and
      agents' folders stay as they are.
    `,
    examples: [
      ['The latest version', '$0 use @acme/pdf-tools'],
      ['One of its files', '$0 use @acme/pdf-tools@1.2.0 --file references/forms.md'],
      ['As input of another program', '$0 use csv-summary | llm "Summarise report.csv"'],
    ],
  });

  ref = Option.String({ name: '[@ns/]name[@range]' });
  file = Option.String('--file', { description: 'Print this file of the skill instead.' });
  override offline = offlineOption();
  trustKeys = Option.Array('--trust-key', [], {
    description: 'The id of a new key of the registry to trust from now on; ask its operator first.',
  });
  trustPublishers = Option.Array('--trust-publisher', [], {
    description: "The fingerprint of a publisher's new key to trust from now on; ask the publisher first.",
  });

  protected async run(): Promise<number> {
    const { client, registries, ref } = await this.locate(this.ref);
    const [fetched] = await this.fetchAll(client, [ref], this);
    if (!fetched) throw new Error('nothing was fetched');
    const { registry } = client;
    registries.requireOwn(registry, ref, fetched.metadata);
    const { promptOf, promptText } = await import('../use/prompt.ts');
    if (this.file !== undefined) return this.#printFile(fetched, this.file);
    this.#noteDoubts(fetched, ref);
    const prompt = promptOf(fetched, registry);
    this.answer(prompt);
    this.print(promptText(prompt, this.registry === undefined ? '' : ` --registry ${registry}`));
    return 0;
  }

  #noteDoubts({ metadata }: FetchedSkill, ref: ResolvedRef): void {
    const { namespace, name } = metadata;
    if (namespace !== ref.namespace || name !== ref.name) {
      this.note(`note: @${ref.namespace}/${ref.name} is called @${namespace}/${name} now.`);
    }
    const doubt = verdictNote(metadata);
    if (doubt !== undefined) this.note(doubt);
  }

  async #printFile(fetched: FetchedSkill, path: string): Promise<number> {
    const { fileDocument, fileOf } = await import('../use/prompt.ts');
    const file = fileOf(fetched, path);
    const { namespace, name, version } = fetched.metadata;
    const document = fileDocument(file);
    this.answer({ namespace, name, version, file: document });
    if (this.json) return 0;
    if (!this.context.terminal.stdout) this.context.stdout.write(file.bytes);
    else if (document.encoding === 'utf-8') this.print(document.content.replace(/\n$/, ''));
    else
      throw usageError(
        `${path} is not text.`,
        `Send it to a file: skills use … --file ${path} > ${path.replace(/^.*\//, '')}`,
      );
    return 0;
  }
}
