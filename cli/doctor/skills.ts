import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { namedAgents } from '../agents/agents.ts';
import { linkChange } from '../agents/links.ts';
import { errorCode } from '../atomic-file.ts';
import { auditFiles } from '../audit/audit-skill.ts';
import type { CliContext } from '../context.ts';
import { readInstalled } from '../folder.ts';
import { requireLocked } from '../install/frozen.ts';
import { readSituation, type Situation } from '../install/situation.ts';
import { agentFolders } from '../installer.ts';
import { isFromRegistry, keyOfRecord, labelOf } from '../project/record.ts';
import { type Scope, scopeOf, skillFolder } from '../project/scope.ts';
import { exists } from '../project/transaction.ts';
import { Registries } from '../registries.ts';
import { type Check, examine, ok, problem, warning } from './check.ts';

type SkillsContext = Pick<CliContext, 'env' | 'home' | 'cwd'>;

/** What is installed for the user, or in the project here: whether the lock file fits, files are there, and agents see them. */
export function examineSkills(context: SkillsContext, global: boolean): Promise<Check[]> {
  const scope = scopeOf(context, global);
  // What is there in the recorded version stays, the rest is put right.
  const install = global ? 'skills install -g' : 'skills install';
  return examine('skills', async () => {
    const situation = await readSituation(scope);
    const registries = await Registries.open(context, undefined, { global });
    const checks = [
      ...(global ? [] : await examine('skills', async () => lockOf(situation))),
      ...strangers(situation, registries),
      ...(await damagedFiles(situation, install)),
      ...(await examineLinks(context, situation, install)),
      ...(await danglingLinks(context, scope)),
    ];
    if (checks.length > 0) return checks;
    const { size } = situation.records;
    return [ok('skills', `${size} ${size === 1 ? 'skill is' : 'skills are'} installed in ${scope.root}.`)];
  });
}

/** Skills that came from elsewhere before their namespace was given to a registry. */
function strangers({ records }: Situation, registries: Registries): Check[] {
  return [...records.values()].filter(isFromRegistry).flatMap((record) => {
    const home = registries.ofDependency(record.namespace);
    if (!registries.mappings.has(record.namespace) || home === record.registry) return [];
    const message = `${labelOf(record)} came from ${record.registry}, but @${record.namespace} belongs to ${home}.`;
    return [problem('skills', message, `Do not use it. First: skills uninstall ${keyOfRecord(record)}`)];
  });
}

/** Files that are missing, or that are not those that were installed. */
async function damagedFiles({ scope, records }: Situation, install: string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const record of records.values()) {
    const path = skillFolder(scope, record);
    if (!(await exists(path))) {
      checks.push(problem('skills', `The files of ${labelOf(record)} are missing.`, `Put them back: ${install}`));
      continue;
    }
    const [changed] = await auditFiles({ record, path });
    if (changed) checks.push(problem('skills', changed.message, changed.fix));
  }
  return checks;
}

/** @throws CodedError when the lock file is not what `skills.json` asks for */
function lockOf(situation: Situation): Check[] {
  requireLocked(situation);
  return [];
}

/** Whether each skill is where agents look for it; what is missing altogether is told elsewhere. */
async function examineLinks(context: SkillsContext, { scope, records }: Situation, install: string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const record of records.values()) {
    const files = skillFolder(scope, record);
    if (!(await exists(files))) continue;
    const visible = { record, bundle: () => readInstalled(files) };
    const folders = await agentFolders(context, scope, record);
    for (const folder of folders) {
      const broken = await examine('skills', async () => {
        const change = await linkChange(scope, folder, visible, { record, folders });
        if (change === undefined) return [];
        return [problem('skills', `${change.path} does not lead to ${labelOf(record)}.`, `Put it right: ${install}`)];
      });
      checks.push(...broken);
    }
  }
  return checks;
}

/** Links in agents' folders that lead nowhere. */
async function danglingLinks(context: SkillsContext, scope: Scope): Promise<Check[]> {
  const folders = new Set([scope.agentsFolder, ...namedAgents(context, scope, ['*']).map(({ folder }) => folder)]);
  const checks: Check[] = [];
  for (const folder of folders) {
    for (const path of await linksIn(folder)) {
      if (!(await leadsNowhere(path))) continue;
      checks.push(warning('skills', `${path} leads nowhere.`, `Remove it, or install what it led to: rm ${path}`));
    }
  }
  return checks;
}

async function linksIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => join(folder, name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return [];
    throw error;
  }
}

async function leadsNowhere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw error;
  }
}
