import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import satisfies from 'semver/functions/satisfies.js';
import { errorCode } from '../atomic-file.ts';
import type { CliContext } from '../context.ts';
import { configPath, homePath, readConfig } from '../home.ts';
import { readProxySettings, showProxy } from '../proxy/settings.ts';
import { isAlive } from '../root-lock.ts';
import { type Check, examine, ok, problem, warning } from './check.ts';

type MachineContext = Pick<CliContext, 'env' | 'home' | 'packagePath'>;

const OTHERS = 0o077;
const LOCK = /\.lock$/;

/** @param version of Node.js, as `process.versions.node` */
export async function examineNode({ packagePath }: MachineContext, version: string): Promise<Check[]> {
  const text = await readFile(join(packagePath, 'package.json'), 'utf8');
  const { engines }: { engines: { node: string } } = JSON.parse(text);
  if (satisfies(version, engines.node)) return [ok('node', `Node.js ${version} is new enough (${engines.node}).`)];
  const fix = 'Install a newer one: https://nodejs.org';
  return [problem('node', `Node.js ${version} is not what this program is made for (${engines.node}).`, fix)];
}

/** The user's folder and what is in it: whether we can write there, and nobody else can read. */
export async function examineHome(context: MachineContext): Promise<Check[]> {
  const path = homePath(context);
  const folder = await statOf(path);
  if (folder === undefined) return [ok('home', `${path} is not there yet; it will be made when it is needed.`)];
  if (!folder.isDirectory()) return [problem('home', `${path} is not a folder.`, 'Move it away.')];
  const checks = [...examineRights(path, folder.mode, '700'), ...(await examineLocks(path))];
  try {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    checks.push(problem('home', `${path} cannot be written to (${errorCode(error)}).`, `Check who owns it: ${path}`));
  }
  return checks.length > 0 ? checks : [ok('home', `${path} is writable, and readable for you alone.`)];
}

export function examineConfig(context: MachineContext): Promise<Check[]> {
  return examine('configuration', async () => {
    const path = configPath(context);
    const file = await statOf(path);
    await readConfig(context);
    if (file === undefined) return [ok('configuration', `${path} is not there yet.`)];
    return [ok('configuration', `${path} can be read.`), ...examineRights(path, file.mode, '600')];
  });
}

export function examineProxy(context: MachineContext): Promise<Check[]> {
  return examine('proxy', async () => {
    const settings = await readProxySettings(context);
    if (settings === undefined) {
      const unused = ['ALL_PROXY', 'all_proxy'].find((name) => context.env[name]);
      if (unused === undefined) return [ok('proxy', 'No proxy is set.')];
      return [warning('proxy', `${unused} is not used.`, 'Set HTTPS_PROXY and HTTP_PROXY.')];
    }
    const { http, https, none, origin } = settings;
    const shown = [...new Set([http, https].flatMap((proxy) => proxy ?? []))].map(showProxy).join(' and ');
    const without = none === '' ? '' : ` but for ${none}`;
    return [ok('proxy', `Requests go through ${shown} (${origin})${without}.`)];
  });
}

/** Windows has no such rights. */
function examineRights(path: string, mode: number, rights: string): Check[] {
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return [];
  return [problem('home', `Others on this machine may look into ${path}.`, `chmod ${rights} ${path}`)];
}

/** A lock of a process that was killed does no harm: the next command takes it over. */
async function examineLocks(home: string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const folder of [home, join(home, '.locks')]) {
    for (const name of (await namesIn(folder)).filter((file) => LOCK.test(file))) {
      const path = join(folder, name);
      const holder = Number(await readFile(path, 'utf8'));
      if (isAlive(holder)) checks.push(warning('home', `Process ${holder} holds ${path}.`, 'Wait for it to end.'));
      else checks.push(warning('home', `A command that was killed left ${path}.`, `rm ${path}`));
    }
  }
  return checks;
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
