import type { CliContext } from '../context.ts';
import { configPath, readConfig } from '../home.ts';
import { Registries } from '../registries.ts';

/** As `skills registry list --json` shows it. */
export interface KnownRegistry {
  registry: string;
  /** Whether it is asked for whatever belongs to no other. */
  default: boolean;
  /** Those that belong to it, and who says so. */
  namespaces: { namespace: string; place: 'project' | 'user' }[];
  /** The namespace of the stored key, null for an operator; absent without a key. */
  logged_in_as?: string | null;
  /** Ids of its keys that are trusted. */
  trusted_keys: string[];
}

/** Who says which registry is the default one. */
export type DefaultOrigin = '--registry' | 'SKILLS_REGISTRY' | 'configuration' | 'built in';

/** All registries that the configuration and the project name, the default one first, then by address. */
export async function listRegistries(
  context: Pick<CliContext, 'env' | 'home' | 'cwd'>,
  flag: string | undefined,
): Promise<{ fallback: string; origin: DefaultOrigin; registries: KnownRegistry[] }> {
  const [registries, config] = await Promise.all([Registries.open(context, flag), readConfig(context)]);
  const { fallback, mappings } = registries;
  const user = configPath(context);
  const addresses = new Set([
    fallback,
    ...[...Object.keys(config.registries), ...[...mappings.values()].map(({ registry }) => registry)].sort(),
  ]);
  const known = [...addresses].map((registry): KnownRegistry => {
    const { token, namespace = null, keys = {} } = config.registries[registry] ?? {};
    const its = [...mappings].filter(([, mapping]) => mapping.registry === registry);
    return {
      registry,
      default: registry === fallback,
      namespaces: its.map(([name, { place }]) => ({
        namespace: `@${name}`,
        place: place === user ? 'user' : 'project',
      })),
      ...(token === undefined ? {} : { logged_in_as: namespace }),
      trusted_keys: Object.keys(keys),
    };
  });
  return { fallback, origin: originOf(context, flag, config.registry), registries: known };
}

function originOf(
  { env }: Pick<CliContext, 'env'>,
  flag: string | undefined,
  configured: string | undefined,
): DefaultOrigin {
  if (flag !== undefined) return '--registry';
  if (env.SKILLS_REGISTRY) return 'SKILLS_REGISTRY';
  return configured === undefined ? 'built in' : 'configuration';
}
