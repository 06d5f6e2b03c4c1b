import { Command, Option } from 'clipanion';
import type { Audit } from '../audit.ts';
import { CodedError } from '../failure.ts';
import type { LogWatch } from '../log-watch.ts';
import { RegistryCommand } from '../registry-command.ts';
import type { InstallRecord } from '../skill-index.ts';
import type { TrustedKeys } from '../trust.ts';

interface Result extends Audit {
  record: InstallRecord;
}

export class VerifyCommand extends RegistryCommand {
  static override paths = [['verify']];
  static override usage = Command.Usage({
    category: 'Using skills',
    description: 'Check installed skills against their record and their registry.',
    details: 'Asks the registry that each skill came from. Ends with exit code 1 when anything differs.',
    examples: [
      ['All skills of this folder', '$0 verify'],
      ['One skill of the user', '$0 verify pdf-tools -g'],
    ],
  });

  names = Option.Rest({ name: 'names' });
  global = Option.Boolean('-g,--global', false, { description: 'The skills of the user, not of this folder.' });
  trustKeys = Option.Array('--trust-key', [], {
    description: 'The id of a new key of a registry to trust from now on; ask its operator first.',
  });
  trustPublishers = Option.Array('--trust-publisher', [], {
    description: "The fingerprint of a publisher's new key to trust from now on; ask the publisher first.",
  });

  protected async run(): Promise<number> {
    const { readIndex, skillsRoot } = await import('../skill-index.ts');
    const root = skillsRoot(this.context, this.global);
    const records = select(root, await readIndex(root), this.names);
    const results = await this.#auditAll(root, records);
    const ok = results.every(({ problems }) => problems.length === 0);
    this.answer({
      root,
      ok,
      skills: results.map(({ record, problems }) => ({ ...record, ok: problems.length === 0, problems })),
    });
    if (results.length === 0) this.print(`No skills are installed in ${root}.`);
    for (const { record, problems } of results) {
      const mark = problems.length === 0 ? this.paint('green', '✓') : this.paint('red', '✗');
      this.print(`${mark} @${record.namespace}/${record.name}@${record.version}`);
      for (const { message, fix } of problems) this.print(`  ${message}\n  fix: ${fix}`);
    }
    if (results.some(({ refused }) => refused)) return 4;
    return ok ? 0 : 1;
  }

  /** Registry by registry, so that the keys of each are asked for once. */
  async #auditAll(root: string, records: readonly InstallRecord[]): Promise<Result[]> {
    const asked: TrustedKeys[] = [];
    let allAsked = true;
    const results = new Map<InstallRecord, Result>();
    for (const [registry, group] of Map.groupBy(records, (record) => record.registry)) {
      const { audits, trusted } = await this.#auditGroup(root, registry, group);
      for (const result of audits) results.set(result.record, result);
      if (trusted) asked.push(trusted);
      else allAsked = false;
    }
    const { requireShown } = await import('../trust.ts');
    if (allAsked) requireShown(asked, this.trustKeys);
    return records.flatMap((record) => results.get(record) ?? []);
  }

  async #auditGroup(root: string, registry: string, group: readonly InstallRecord[]) {
    const [{ audit }, { keepKeys, loadKeys }] = await Promise.all([
      import('../audit.ts'),
      import('../registry-keys.ts'),
    ]);
    const client = await this.client(registry);
    const keys = loadKeys(this.context, client, this.trustKeys, this.trustPublishers);
    // Each audit tells why there are none; a rejection that nobody waits for yet would end the process.
    const loaded = keys.catch(() => undefined);
    const audits: Result[] = await Promise.all(
      group.map(async (record) => ({ record, ...(await audit(root, client, keys, record)) })),
    );
    const trusted = await loaded;
    if (trusted) {
      await this.#keepLog(trusted.log, audits);
      for (const line of await trusted.publishers.keep()) this.note(line);
      const used = audits.flatMap(({ keyId }) => keyId ?? []);
      for (const kid of await keepKeys(this.context, trusted, used)) this.noteTrust(kid, trusted);
    }
    return { audits, trusted };
  }

  /** What the log is found to hide at the last moment is a problem of every skill from there. */
  async #keepLog(log: LogWatch, audits: readonly Result[]): Promise<void> {
    try {
      const warning = await log.keep();
      if (warning) this.note(`warning: ${warning}`);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const { code, message, fix } = error;
      for (const { problems } of audits) problems.push({ code, message, fix });
    }
  }
}

function select(root: string, index: Map<string, InstallRecord>, names: readonly string[]): InstallRecord[] {
  if (names.length === 0) return [...index.values()];
  return names.map((name) => {
    const record = index.get(name);
    if (record) return record;
    throw new CodedError('not_installed', `'${name}' is not installed in ${root}.`, 'See what is: skills list');
  });
}
