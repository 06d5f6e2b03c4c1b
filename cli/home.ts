import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode, writeAtomically } from './atomic-file.ts';
import type { CliContext } from './context.ts';
import { withLock } from './root-lock.ts';
import { UserError } from './user-error.ts';

const registrySchema = z.object({
  token: z.string().optional(),
  namespace: z.string().nullable().optional(),
  /** The registry's public keys (PEM) by id, as they were when first met. */
  keys: z.record(z.string(), z.string()).optional(),
  /** Why the registry revoked some of its keys, by id, as it said last. */
  revoked: z.record(z.string(), z.string()).optional(),
  /** Fingerprints of the OpenPGP keys that publishers there sign with, by namespace. */
  publishers: z.record(z.string(), z.array(z.string())).optional(),
});

const configSchema = z.object({
  /** The registry to use when none is named. */
  registry: z.string().optional(),
  registries: z.record(z.string(), registrySchema).default({}),
  /** Registries by `@namespace`: such a namespace is asked there and nowhere else. */
  namespaces: z.record(z.string(), z.string()).optional(),
  /** The address of a proxy, used where no environment variable names one. */
  proxy: z.string().optional(),
  /** Hosts that are asked without it, as in NO_PROXY. */
  noProxy: z.string().optional(),
});

export type RegistryConfig = z.infer<typeof registrySchema>;
export type Config = z.infer<typeof configSchema>;

type HomeContext = Pick<CliContext, 'env' | 'home'>;
type ChangeContext = Pick<CliContext, 'env' | 'home' | 'clock'>;

/** Others hold the lock for a moment only. */
const LOCK_WAIT_MS = 5_000;

/** `~/.skills`, or what SKILLS_HOME names. */
export function homePath({ env, home }: HomeContext): string {
  return env.SKILLS_HOME || join(home, '.skills');
}

export function configPath(context: HomeContext): string {
  return join(homePath(context), 'config.json');
}

/**
 * The configuration, empty when there is none yet.
 *
 * @throws UserError when the file is not what this program wrote
 */
export async function readConfig(context: HomeContext): Promise<Config> {
  const path = configPath(context);
  const text = await readFile(path, 'utf8').catch((error) => {
    if (errorCode(error) === 'ENOENT') return '{}';
    throw new UserError(`${path} cannot be read (${errorCode(error)}).`, 'Check who owns it.', 1, { cause: error });
  });
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new UserError(`${path} is damaged.`, 'Correct it, or remove it and log in again.', 1, { cause });
  }
}

/** What is known of one registry. */
export async function readRegistry(context: HomeContext, registry: string): Promise<RegistryConfig> {
  const { registries } = await readConfig(context);
  return Object.hasOwn(registries, registry) ? (registries[registry] ?? {}) : {};
}

/**
 * Changes the configuration, one process at a time; the file is for its owner alone (0600, in a directory of mode 0700).
 *
 * @param change is given what the file says now, which may be more than this command has read before
 */
export async function updateConfig(context: ChangeContext, change: (config: Config) => Config): Promise<void> {
  const directory = homePath(context);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const path = join(directory, 'config.lock');
  const lock = { path, doing: 'is changing the configuration', clock: context.clock, waitMs: LOCK_WAIT_MS };
  await withLock(lock, async () => {
    const config = change(await readConfig(context));
    await writeAtomically(configPath(context), `${JSON.stringify(config, null, 2)}\n`, 0o600);
  });
}

/** @param change what is new, or makes it of what is known by now */
export async function updateRegistry(
  context: ChangeContext,
  registry: string,
  change: Partial<RegistryConfig> | ((known: RegistryConfig) => Partial<RegistryConfig>),
): Promise<void> {
  await updateConfig(context, (config) => {
    const known = Object.hasOwn(config.registries, registry) ? (config.registries[registry] ?? {}) : {};
    const changed = { ...known, ...(typeof change === 'function' ? change(known) : change) };
    return { ...config, registries: { ...config.registries, [registry]: changed } };
  });
}
