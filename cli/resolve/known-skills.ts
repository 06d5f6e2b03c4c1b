import { compareVersions } from '../../src/format/semver.ts';
import { type Demand, readDemand, unlessMissing } from './demand.ts';
import { addressText, type SkillAddress, type VersionSource } from './plan.ts';

/** What a source said: each question is asked once, and questions ahead of time in parallel. */
export class KnownSkills {
  readonly #source: VersionSource;
  readonly #preferred: ReadonlyMap<string, string>;
  readonly #versions = new Map<string, Promise<readonly string[]>>();
  readonly #demands = new Map<string, Promise<readonly Demand[]>>();

  /** @param preferred versions to keep where they fit, by `@namespace/name` */
  constructor(source: VersionSource, preferred: ReadonlyMap<string, string>) {
    this.#source = source;
    this.#preferred = preferred;
  }

  /** The versions that may be chosen: the preferred one first, then those that are not yanked, the newest first. */
  versions(address: SkillAddress): Promise<readonly string[]> {
    return remember(this.#versions, addressText(address), () => this.#list(address));
  }

  /** What a version wants, with the range of each. @param path who asked for the skill */
  async demands(address: SkillAddress, version: string, path: readonly string[]): Promise<readonly Demand[]> {
    const label = `${addressText(address)}@${version}`;
    const demands = await remember(this.#demands, label, () => this.#read(address, version));
    return demands.map((demand) => ({ ...demand, wanted: { ...demand.wanted, path: [...path, label] } }));
  }

  /** Asks what a version that will probably be chosen wants; a failure is told when somebody needs the answer. */
  foresee(address: SkillAddress, version: string): void {
    this.demands(address, version, []).catch(() => undefined);
  }

  async #list(address: SkillAddress): Promise<readonly string[]> {
    if (address.namespace === '') return [];
    const listed = await unlessMissing(this.#source.versions(address), []);
    const preferred = this.#preferred.get(addressText(address));
    const rank = ({ version }: { version: string }) => (version === preferred ? 0 : 1);
    return listed
      .filter(({ version, yanked }) => !yanked || version === preferred)
      .sort((a, b) => rank(a) - rank(b) || compareVersions(b.version, a.version))
      .map(({ version }) => version);
  }

  async #read(address: SkillAddress, version: string): Promise<readonly Demand[]> {
    const owner = addressText(address);
    const dependencies = await this.#source.dependencies(address, version);
    return Promise.all(
      dependencies.map(async ({ name: text, range, optional }) => {
        const target = await this.#addressOf(text, address);
        return readDemand(this.#source, { ...target, range, optional, path: [] }, owner);
      }),
    );
  }

  /** Reads `@namespace/name` or `name`; the latter has the namespace '' if nobody knows it. */
  async #addressOf(text: string, askedBy: SkillAddress): Promise<SkillAddress> {
    const slash = text.indexOf('/');
    if (slash !== -1)
      return { namespace: text.slice(text.startsWith('@') ? 1 : 0, slash), name: text.slice(slash + 1) };
    return { namespace: (await this.#source.namespaceOf?.(text, askedBy)) ?? '', name: text };
  }
}

function remember<T>(answers: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = answers.get(key) ?? ask();
  answers.set(key, answer);
  return answer;
}
