import type { CliContext } from './context.ts';
import { CodedError, usageError } from './failure.ts';
import { configPath, readConfig } from './home.ts';
import { readManifest } from './project/manifest.ts';
import { scopeOf } from './project/scope.ts';
import { chooseRegistry, normalizeRegistry } from './registry.ts';
import { addressText, type SkillAddress } from './resolve/plan.ts';

/** The registry that a namespace belongs to, and who says so. */
export interface Mapping {
  registry: string;
  /** The file that says so. */
  place: string;
}

type RegistriesContext = Pick<CliContext, 'env' | 'home' | 'cwd'>;

/**
 * Which registry is asked for what. A namespace that `skills.json` or the user's configuration gives to a registry is asked
 * there and nowhere else: whoever takes the same namespace at another registry is never heard. All others are asked at the
 * one registry that is used without further word, and so are names without a namespace.
 */
export class Registries {
  /** For whatever has no registry of its own. */
  readonly fallback: string;
  readonly #flag: string | undefined;
  readonly #mappings: ReadonlyMap<string, Mapping>;

  private constructor(fallback: string, flag: string | undefined, mappings: ReadonlyMap<string, Mapping>) {
    this.fallback = fallback;
    this.#flag = flag;
    this.#mappings = mappings;
  }

  /**
   * @param flag what `--registry` says
   * @param global true to leave the project that the current folder belongs to out of account
   * @throws CodedError `usage` for something that is not an address, `invalid_manifest`
   * @throws UserError for a damaged configuration
   */
  static async open(
    context: RegistriesContext,
    flag: string | undefined,
    { global = false }: { global?: boolean } = {},
  ): Promise<Registries> {
    const { manifestPath } = scopeOf(context, global);
    const [fallback, { namespaces = {} }, { registries }] = await Promise.all([
      chooseRegistry(context, flag),
      readConfig(context),
      readManifest(manifestPath),
    ]);
    const mappings = new Map([
      ...readMappings(namespaces, configPath(context)),
      // The project goes before the user: what it names was chosen together with its lock file.
      ...readProjectMappings(registries, manifestPath ?? ''),
    ]);
    return new Registries(fallback, flag, mappings);
  }

  /** By namespace, without the `@`. */
  get mappings(): ReadonlyMap<string, Mapping> {
    return this.#mappings;
  }

  /**
   * The registry to ask for something of a namespace that the user named.
   *
   * @throws CodedError `registry_conflict` when the namespace belongs to another registry than `--registry` names
   */
  of(namespace: string): string {
    const mapping = this.#mappings.get(namespace);
    if (mapping === undefined || mapping.registry === this.fallback) return this.fallback;
    if (this.#flag === undefined) return mapping.registry;
    throw new CodedError(
      'registry_conflict',
      `@${namespace} belongs to ${mapping.registry}, as ${mapping.place} says, and --registry names ${this.fallback}.`,
      `Leave --registry out, or take @${namespace} away from that registry first.`,
      2,
    );
  }

  /** The registry to ask for what a skill depends on: `--registry` counts for namespaces without a registry only. */
  ofDependency(namespace: string): string {
    return this.#mappings.get(namespace)?.registry ?? this.fallback;
  }

  /**
   * Passes unless a registry calls a skill by a name in a namespace that belongs to another one: under such a name it was
   * moved there by whoever has the namespace here.
   *
   * @throws CodedError `registry_conflict`
   */
  requireOwn(registry: string, asked: SkillAddress, answered: SkillAddress): void {
    const mapping = this.#mappings.get(answered.namespace);
    if (mapping === undefined || mapping.registry === registry) return;
    const [before, now] = [addressText(asked), addressText(answered)];
    throw new CodedError(
      'registry_conflict',
      `${registry} calls ${before} ${now} now, but @${answered.namespace} belongs to ${mapping.registry}.`,
      `Do without it, or ask whoever published ${before}.`,
    );
  }

  /** Whether an answer of the registry for all the rest may be believed about a namespace. */
  isAnsweredByFallback(namespace: string): boolean {
    return this.ofDependency(namespace) === this.fallback;
  }
}

/**
 * The registry to ask about a namespace: what `--registry` names, else where `skills.json` or the configuration say that
 * the namespace belongs, else the one that is used without further word, as for names without a namespace.
 *
 * @throws CodedError as `Registries.open` and `Registries.of`
 */
export async function registryFor(
  context: RegistriesContext,
  namespace: string | undefined,
  flag: string | undefined,
  options?: { global?: boolean },
): Promise<string> {
  if (namespace === undefined) return chooseRegistry(context, flag);
  return (await Registries.open(context, flag, options)).of(namespace);
}

/**
 * The registry to log in to for a namespace. A key is the user's: a project, which may come from anybody, has no say in
 * where it goes.
 *
 * @throws CodedError `registry_conflict` when the project gives the namespace to another registry and no flag says which is
 *   meant; else as `Registries.open` and `Registries.of`
 */
export async function registryForLogin(
  context: RegistriesContext,
  namespace: string | undefined,
  flag: string | undefined,
): Promise<string> {
  const own = await registryFor(context, namespace, flag, { global: true });
  if (namespace === undefined || flag !== undefined) return own;
  const mapping = (await Registries.open(context, flag)).mappings.get(namespace);
  if (mapping === undefined || mapping.registry === own) return own;
  throw new CodedError(
    'registry_conflict',
    `@${namespace} belongs to ${mapping.registry}, as ${mapping.place} says, but a project does not decide where you log in.`,
    `Name the registry that you mean: --registry ${mapping.registry} or --registry ${own}`,
    2,
  );
}

function readMappings(addresses: Record<string, string>, place: string): [string, Mapping][] {
  return Object.entries(addresses).map(([key, address]) => {
    const namespace = key.replace(/^@/, '');
    try {
      return [namespace, { registry: normalizeRegistry(address), place }];
    } catch (cause) {
      if (!(cause instanceof CodedError)) throw cause;
      const message = `${place} gives @${namespace} to a registry that cannot be: ${cause.message}`;
      throw new CodedError(cause.code, message, cause.fix, cause.exitCode, { cause });
    }
  });
}

/** A project's addresses are compared with those in its lock file, which are written in one way only. */
function readProjectMappings(addresses: Record<string, string>, place: string): [string, Mapping][] {
  const mappings = readMappings(addresses, place);
  for (const [namespace, { registry }] of mappings) {
    const written = addresses[`@${namespace}`];
    if (written === registry) continue;
    throw usageError(`${place} gives @${namespace} to '${written}', which is ${registry}.`, `Write it as ${registry}.`);
  }
  return mappings;
}
