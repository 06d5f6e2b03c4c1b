import type { Demand } from './demand.ts';
import type { KnownSkills } from './known-skills.ts';
import type { SkillAddress, Wanted } from './plan.ts';

/** A skill of the plan that grows. */
export interface Chosen extends SkillAddress {
  version: string;
  path: readonly string[];
  /** What the version wants, optional skills included. */
  demands: readonly Demand[];
}

/** Demands on one skill that no version of it fits, or not the version that was chosen. */
export interface Clash {
  demands: readonly Demand[];
  chosen: string | undefined;
}

/** Skills (`@namespace/name`) whose chosen versions together leave no way on; none of them means that there is no way. */
type Culprits = ReadonlySet<string>;

/** Thrown when the search has tried as many versions as it may. */
export class SearchTooLong extends Error {}

/**
 * Searches for one version a skill that fits all demands, by backtracking. When all versions of a skill fail, the search
 * goes back to the last choice that had a part in the failures, not just to the last one (conflict-directed
 * backjumping; Prosser, "Hybrid algorithms for the constraint satisfaction problem", 1993).
 */
export class Search {
  readonly #known: KnownSkills;
  readonly #maxSteps: number;
  #steps = 0;
  #demands = new Map<string, readonly Demand[]>();
  #chosen = new Map<string, Chosen>();
  #firstClash: Clash | undefined;

  /** @param maxSteps how many versions may be tried in all */
  constructor(known: KnownSkills, maxSteps: number) {
    this.#known = known;
    this.#maxSteps = maxSteps;
  }

  /** By `@namespace/name`, in the order of choice. */
  get chosen(): ReadonlyMap<string, Chosen> {
    return this.#chosen;
  }

  /**
   * Adds demands and whatever they need, while everything that was chosen before stays.
   *
   * @returns undefined, or what was in the way; then everything is as it was
   * @throws SearchTooLong
   */
  async add(demands: readonly Demand[]): Promise<Clash | undefined> {
    const before = { demands: this.#demands, chosen: this.#chosen };
    this.#demands = new Map(before.demands);
    this.#chosen = new Map(before.chosen);
    this.#firstClash = undefined;
    let failed: Culprits | undefined = new Set();
    try {
      failed = (await this.#demand(demands)) ?? (await this.#choose());
    } finally {
      if (failed !== undefined) {
        this.#demands = before.demands;
        this.#chosen = before.chosen;
      }
    }
    return failed && this.#firstClash;
  }

  /** Chooses a version for the first skill that has none, and so on. */
  async #choose(): Promise<Culprits | undefined> {
    const open = [...this.#demands].find(([target]) => !this.#chosen.has(target));
    if (open === undefined) return undefined;
    const [target, demands] = open;
    const culprits = new Set(ownersOf(demands));
    for (const version of await this.#fitting(demands)) {
      this.#step();
      const failed = await this.#try(target, version, wantedOf(demands));
      if (failed === undefined) return undefined;
      if (!failed.has(target)) return failed;
      for (const culprit of failed) if (culprit !== target) culprits.add(culprit);
    }
    return culprits;
  }

  async #try(target: string, version: string, { namespace, name, path }: Wanted): Promise<Culprits | undefined> {
    const demands = await this.#known.demands({ namespace, name }, version, path);
    this.#chosen.set(target, { namespace, name, version, path, demands });
    const failed = (await this.#demand(demands.filter(({ wanted }) => !wanted.optional))) ?? (await this.#choose());
    if (failed === undefined) return undefined;
    this.#chosen.delete(target);
    this.#withdraw(target);
    return failed;
  }

  /** Notes demands, and tells at once when a skill is left without a version. */
  async #demand(demands: readonly Demand[]): Promise<Culprits | undefined> {
    for (const demand of demands) {
      this.#demands.set(demand.target, [...(this.#demands.get(demand.target) ?? []), demand]);
    }
    const targets = [...new Set(demands.map(({ target }) => target))];
    const lists = targets.map((target) => this.#demands.get(target) ?? []);
    const fitting = await Promise.all(lists.map((list) => this.#fitting(list)));
    for (const [index, target] of targets.entries()) {
      const list = lists[index] ?? [];
      const chosen = this.#chosen.get(target)?.version;
      const [best] = fitting[index] ?? [];
      if (best === undefined || (chosen !== undefined && !fits(list, chosen))) {
        return this.#clash(target, list, best === undefined ? undefined : chosen);
      }
      if (chosen === undefined) this.#known.foresee(wantedOf(list), best);
    }
    return undefined;
  }

  #clash(target: string, demands: readonly Demand[], chosen: string | undefined): Culprits {
    // That no version fits says more than that a choice was wrong.
    if (this.#firstClash === undefined || (this.#firstClash.chosen !== undefined && chosen === undefined)) {
      this.#firstClash = { demands: [...demands], chosen };
    }
    const owners = ownersOf(demands);
    return chosen === undefined ? owners : owners.add(target);
  }

  /** Takes back what a skill wanted, and forgets skills that nobody wants any more. */
  #withdraw(owner: string): void {
    for (const [target, demands] of this.#demands) {
      const others = demands.filter((demand) => demand.owner !== owner);
      if (others.length === 0) this.#demands.delete(target);
      else if (others.length < demands.length) this.#demands.set(target, others);
    }
  }

  async #fitting(demands: readonly Demand[]): Promise<string[]> {
    const versions = await this.#known.versions(wantedOf(demands));
    return versions.filter((version) => fits(demands, version));
  }

  #step(): void {
    this.#steps++;
    if (this.#steps > this.#maxSteps) throw new SearchTooLong(`more than ${this.#maxSteps} versions were tried`);
  }
}

function fits(demands: readonly Demand[], version: string): boolean {
  return demands.every(({ accepts }) => accepts(version));
}

function ownersOf(demands: readonly Demand[]): Set<string> {
  return new Set(demands.flatMap(({ owner }) => owner ?? []));
}

/** The first of demands on one skill; there is always one. */
function wantedOf([first]: readonly Demand[]): Wanted {
  if (first === undefined) throw new Error('a skill that nobody wants was to be chosen');
  return first.wanted;
}
