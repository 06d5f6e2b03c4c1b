import { Command, Option } from 'clipanion';
import type { SearchBody } from '../../src/http/v1/schemas.ts';
import { offlineOption } from '../cache/offline.ts';
import { usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';
import { table } from '../terminal.ts';

const SORTS = ['relevance', 'downloads', 'trending', 'updated', 'name'] as const;
const PAGE_SIZE = 20;
const MOST_ROWS = 100;

export class SearchCommand extends RegistryCommand {
  static override paths = [['search'], ['find']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Search skills; without words, all of them, newest first.',
    details: `
      Each word has to be the beginning of a word in a skill's name, namespace, keywords or description. When nothing matches,
      what differs by a few letters is shown. Filters on tags, frameworks and the author compare whole values, and find public
      skills only. What the registry's examination calls suspicious, and what is deprecated, says so before its description.

      What a search finds is kept in \`~/.skills/.cache/registry-metadata.json\`, which is what \`--offline\` searches, with
      typing mistakes forgiven. \`--refresh\` fetches the 5,000 most downloaded skills of the registry for it.

      With \`--json\`: \`registry\`, \`packages\` (each with \`namespace\`, \`name\`, \`description\`, \`latest_version\`, \`verdict\` and more), \`total\`, \`page\`,
      \`page_size\`; \`approximate\` when nothing matched; with \`--offline\` also \`offline\`: \`{refreshed_at, seen_at}\`.

      Exit code 0, also when nothing is found; 1 when the registry cannot be asked, 2 for wrong usage.
    `,
    examples: [
      ['By words', '$0 search pdf forms'],
      ['The second page of a category', '$0 search --category data --page 2'],
      ['The most downloaded ones for a framework', '$0 search --framework claude --sort downloads'],
      ['Everything of a namespace by name', '$0 search --namespace acme --sort name'],
      ['Without the network', '$0 search pdf --offline'],
    ],
  });

  words = Option.Rest({ name: 'words' });
  page = Option.String('--page', { description: 'The page, from 1.' });
  limit = Option.String('--limit', { description: `How many a page, 1 to ${MOST_ROWS}; else ${PAGE_SIZE}.` });
  category = Option.String('--category', { description: 'Keep skills of this category only.' });
  tags = Option.Array('--tag', [], { description: 'Keep skills with this keyword; several have to be there all.' });
  frameworks = Option.Array('--framework', [], { description: 'Keep skills for this framework; the same.' });
  author = Option.String('--author', { description: 'Keep skills by this author.' });
  namespace = Option.String('--namespace', { description: 'Keep skills of this namespace.' });
  sort = Option.String('--sort', { description: `One of ${SORTS.join(', ')}.` });
  verified = Option.Boolean('--verified', false, { description: 'Keep what publishers signed with a certificate.' });
  refresh = Option.Boolean('--refresh', false, { description: 'Fetch what --offline searches first.' });
  override offline = offlineOption();

  protected async run(): Promise<number> {
    const sort = this.#sort();
    const page = { page: number('--page', this.page, 1_000) ?? 1, limit: number('--limit', this.limit, MOST_ROWS) };
    const { registryFor } = await import('../registries.ts');
    const registry = await registryFor(this.context, this.#namespace, this.registry);
    if (this.refresh && this.isOffline)
      throw usageError('--refresh needs the network.', 'Leave it out, or run it without --offline and SKILLS_OFFLINE.');
    if (this.refresh) await this.#refresh(registry);
    const isOnlyRefresh = this.refresh && this.words.length === 0 && !this.#isNarrowed;
    if (isOnlyRefresh) return 0;
    return this.isOffline ? this.#searchKnown(registry, sort, page) : this.#search(registry, sort, page);
  }

  get #namespace(): string | undefined {
    return this.namespace?.replace(/^@/, '').toLowerCase();
  }

  get #isNarrowed(): boolean {
    const named = [this.category, this.author, this.namespace, this.sort, this.page, this.limit];
    return named.some((value) => value !== undefined) || this.tags.length + this.frameworks.length > 0 || this.verified;
  }

  #sort(): (typeof SORTS)[number] {
    const found = SORTS.find((sort) => sort === (this.sort ?? 'relevance'));
    if (found) return found;
    throw usageError(`--sort ${this.sort} is no order.`, `Use one of ${SORTS.join(', ')}.`);
  }

  async #search(registry: string, sort: string, { page, limit }: Page): Promise<number> {
    const client = await this.client(registry);
    const found = await client.search({
      q: this.words.join(' '),
      page: this.page === undefined ? undefined : String(page),
      limit: limit?.toString(),
      category: this.category,
      namespace: this.#namespace,
      author: this.author,
      tag: joined(this.tags),
      framework: joined(this.frameworks),
      sort: sort === 'relevance' ? undefined : sort,
      verified: this.verified ? 'true' : undefined,
    });
    const { index, knownOf } = await this.#index();
    await index.learn(registry, found.packages.map(knownOf));
    this.answer({ registry, ...found });
    this.#print(registry, found);
    return 0;
  }

  async #searchKnown(
    registry: string,
    sort: (typeof SORTS)[number],
    { page, limit = PAGE_SIZE }: Page,
  ): Promise<number> {
    if (sort === 'trending' || this.verified) {
      const what = this.verified ? '--verified' : '--sort trending';
      throw usageError(`${what} needs the network.`, 'Leave it out, or leave --offline out.');
    }
    const [{ index }, { searchKnown, skillsInCache }] = await Promise.all([
      this.#index(),
      import('../cache/search-known.ts'),
    ]);
    const known = await index.of(registry);
    const there = new Map((await skillsInCache(await this.cache(), registry)).map((skill) => [labelOf(skill), skill]));
    for (const skill of known?.skills ?? []) there.set(labelOf(skill), skill);
    const hits = searchKnown([...there.values()], {
      words: this.words.join(' '),
      category: this.category,
      namespace: this.#namespace,
      author: this.author,
      tags: this.tags,
      frameworks: this.frameworks,
      sort,
    });
    const packages = hits.slice((page - 1) * limit, page * limit);
    const { refreshed_at = null, seen_at = null } = known ?? {};
    const found = { packages, total: hits.length, page, page_size: limit };
    this.answer({ registry, ...found, offline: { refreshed_at, seen_at } });
    if (!this.json) this.note(ageNote(there.size, refreshed_at, seen_at, this.context.clock.now()));
    this.#print(registry, found);
    return 0;
  }

  async #refresh(registry: string): Promise<void> {
    const { MOST_KNOWN } = await import('../cache/metadata-index.ts');
    const { index, knownOf } = await this.#index();
    const client = await this.client(registry);
    const all: SearchBody['packages'] = [];
    for (let page = 1; all.length < MOST_KNOWN; page++) {
      const query = { q: '', sort: 'downloads', limit: String(MOST_ROWS), page: String(page) };
      const found = await client.search(query);
      all.push(...found.packages);
      if (found.packages.length < found.page_size) break;
    }
    await index.replace(registry, all.map(knownOf));
    const count = Math.min(all.length, MOST_KNOWN);
    this.note(`note: ${count} skills of ${registry} can be searched with --offline now.`);
  }

  async #index() {
    const { knownOf, MetadataIndex } = await import('../cache/metadata-index.ts');
    return { index: new MetadataIndex(this.context, (line) => this.note(line)), knownOf };
  }

  #print(registry: string, { packages, total, page, page_size: size, approximate }: Found): void {
    const pages = Math.ceil(total / size);
    if (packages.length === 0) {
      const behind = `There is no page ${page} on ${registry}: the last one is ${pages}.`;
      this.print(total > 0 ? behind : `No skill matches on ${registry}.`);
      return;
    }
    if (approximate) this.note(`note: nothing matches '${this.words.join(' ')}'; this is close to it.`);
    this.print(
      table(packages.map((hit) => [labelOf(hit), hit.latest_version, `${warningsOf(hit)}${shorten(hit.description)}`])),
    );
    if (pages > 1) this.print(`page ${page} of ${pages}, ${total} skills`);
  }
}

interface Page {
  page: number;
  limit: number | undefined;
}

type Found = Omit<SearchBody, 'packages'> & {
  packages: Pick<
    SearchBody['packages'][number],
    'namespace' | 'name' | 'latest_version' | 'description' | 'deprecated' | 'verdict'
  >[];
};

/** What to know before anything else: a verdict that is not clean, and that nobody should use it any more. */
function warningsOf({ verdict, deprecated }: Found['packages'][number]): string {
  const doubted = verdict === 'suspicious' || verdict === 'malicious' ? `${verdict}: ` : '';
  return `${doubted}${deprecated === undefined ? '' : 'deprecated: '}`;
}

function number(flag: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= most) return Number(text);
  throw usageError(`${flag} ${text} is not a number from 1 to ${most}.`, `Give one, such as ${flag} 2.`);
}

/** Several values have commas between them on the wire. */
function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(',');
}

function labelOf({ namespace, name }: { namespace: string; name: string }): string {
  return `@${namespace}/${name}`;
}

function ageNote(count: number, refreshed: string | null, seen: string | null, now: number): string {
  if (refreshed !== null) return `note: among ${count} skills, all fetched ${age(refreshed, now)}.`;
  const when = seen === null ? 'that were installed' : `seen by earlier searches, the last ${age(seen, now)}`;
  return `note: only among ${count} skills ${when}; \`skills search --refresh\` fetches all.`;
}

function age(time: string, now: number): string {
  const hours = Math.max(0, Math.floor((now - Date.parse(time)) / 3_600_000));
  if (hours === 0) return 'less than an hour ago';
  return hours < 48 ? `${hours} hours ago` : `${Math.floor(hours / 24)} days ago`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
