import type { Client } from '../client.ts';
import { listRegistries } from '../config/known-registries.ts';
import type { CliContext } from '../context.ts';
import { credentialFor } from '../registry.ts';
import { type Check, examine } from './check.ts';
import { examineConfig, examineHome, examineNode, examineProxy } from './machine.ts';
import { examineRegistry } from './registry.ts';
import { examineSkills } from './skills.ts';

export interface Network {
  /** What `--registry` says. */
  flag: string | undefined;
  /** A client of a registry, with the key that is stored for it. */
  connect(registry: string): Promise<Client>;
}

/** Looks at everything. @param network undefined to ask no registry */
export async function diagnose(context: CliContext, network: Network | undefined): Promise<Check[]> {
  const checks = [
    ...(await examineNode(context, process.versions.node)),
    ...(await examineHome(context)),
    ...(await examineConfig(context)),
  ];
  // Whatever else there is to know stands in it.
  if (checks.some(({ subject, status }) => subject === 'configuration' && status === 'problem')) return checks;
  checks.push(...(await examineProxy(context)));
  const [project, user] = await Promise.all([examineSkills(context, false), examineSkills(context, true)]);
  const skills = [...project, ...user];
  const told = new Set(skills.map(({ message }) => message));
  const registries = network ? await examine('registry', () => examineRegistries(context, network)) : [];
  // What a project's files have wrong keeps the registries from being found out, too.
  return [...checks, ...registries.filter(({ message }) => !told.has(message)), ...skills];
}

async function examineRegistries(context: CliContext, { flag, connect }: Network): Promise<Check[]> {
  const { fallback, registries } = await listRegistries(context, flag);
  const inUse = registries.filter((one) => one.default || one.namespaces.length > 0 || one.logged_in_as !== undefined);
  const checks = await Promise.all(
    inUse.map(async ({ registry }) => {
      const { token } = await credentialFor(context, registry, fallback);
      return examineRegistry(context, await connect(registry), token !== undefined);
    }),
  );
  return checks.flat();
}
