import { Command, Option } from 'clipanion';
import { usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';
import { table } from '../terminal.ts';

export class SearchCommand extends RegistryCommand {
  static override paths = [['search']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Search skills; without words, all of them, newest first.',
    examples: [
      ['By words', '$0 search pdf forms'],
      ['The second page of a category', '$0 search --category data --page 2'],
    ],
  });

  words = Option.Rest({ name: 'words' });
  page = Option.String('--page', { description: 'The page, from 1.' });
  category = Option.String('--category', { description: 'Keep skills of this category only.' });

  protected async run(): Promise<number> {
    if (this.page !== undefined && !/^[1-9]\d*$/.test(this.page)) {
      throw usageError(`--page ${this.page} is not a page.`, 'Pages are numbered from 1.');
    }
    const client = await this.client();
    const found = await client.search({ q: this.words.join(' '), page: this.page, category: this.category });
    this.answer(found);
    if (found.packages.length === 0) {
      this.print(`No skill matches on ${client.registry}.`);
      return 0;
    }
    const rows = found.packages.map((hit) => [
      `@${hit.namespace}/${hit.name}`,
      hit.latest_version,
      shorten(hit.description),
    ]);
    this.print(table(rows));
    const pages = Math.ceil(found.total / found.page_size);
    if (pages > 1) this.print(`page ${found.page} of ${pages}, ${found.total} skills`);
    return 0;
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
