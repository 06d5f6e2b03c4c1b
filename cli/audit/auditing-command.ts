import { Option } from 'clipanion';
import type { Client } from '../client.ts';
import { CodedError } from '../failure.ts';
import type { LogWatch } from '../log-watch.ts';
import type { InstalledSkill } from '../project/installed.ts';
import type { Scope } from '../project/scope.ts';
import { RegistryCommand } from '../registry-command.ts';
import type { TrustedKeys } from '../trust.ts';
import type { Audit } from './audit-skill.ts';

/** An installed skill, and what was found of it. */
export interface AuditedSkill extends InstalledSkill, Audit {
  /** Who was asked; none for a skill that comes from no registry. */
  client: Client | undefined;
}

/** A command that holds installed skills against their records and their registries. */
export abstract class AuditingCommand extends RegistryCommand {
  names = Option.Rest({ name: 'names' });
  global = Option.Boolean('-g,--global', false, { description: 'The skills of the user, not of this project.' });
  trustKeys = Option.Array('--trust-key', [], {
    description: 'The id of a new key of a registry to trust from now on; ask its operator first.',
  });
  trustPublishers = Option.Array('--trust-publisher', [], {
    description: "The fingerprint of a publisher's new key to trust from now on; ask the publisher first.",
  });

  /** Registry by registry, so that the keys of each are asked for once. */
  protected async auditInstalled(): Promise<{ scope: Scope; audited: AuditedSkill[] }> {
    const { readInstalledSkills, selectInstalled } = await import('../project/installed.ts');
    const installed = await readInstalledSkills(this.context, this.global);
    const skills = selectInstalled(installed, this.names);
    const asked: TrustedKeys[] = [];
    let allAsked = true;
    const results = new Map<InstalledSkill, AuditedSkill>();
    for (const [registry, group] of Map.groupBy(skills, ({ record }) => record.registry)) {
      const { audits, trusted } = await this.#auditGroup(registry, group);
      for (const [at, skill] of group.entries()) {
        const audit = audits[at];
        if (audit) results.set(skill, audit);
      }
      if (trusted) asked.push(trusted);
      else if (registry !== undefined) allAsked = false;
    }
    const { requireShown } = await import('../trust.ts');
    if (allAsked) requireShown(asked, this.trustKeys);
    return { scope: installed.scope, audited: skills.flatMap((skill) => results.get(skill) ?? []) };
  }

  protected printMark(label: string, isGood: boolean): void {
    this.print(`${isGood ? this.paint('green', '✓') : this.paint('red', '✗')} ${label}`);
  }

  async #auditGroup(registry: string | undefined, group: readonly InstalledSkill[]) {
    const [{ auditSkill }, { keepKeys, loadKeys }] = await Promise.all([
      import('./audit-skill.ts'),
      import('../registry-keys.ts'),
    ]);
    const client = registry === undefined ? undefined : await this.client(registry);
    const keys = client && loadKeys(this.context, client, this.trustKeys, this.trustPublishers);
    // Each audit tells why there are none; a rejection that nobody waits for yet would end the process.
    const loaded = keys?.catch(() => undefined);
    const asked = client && keys && { client, keys };
    const audits: AuditedSkill[] = await Promise.all(
      group.map(async (skill) => ({ ...skill, client, ...(await auditSkill(skill, asked)) })),
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
  async #keepLog(log: LogWatch, audits: readonly AuditedSkill[]): Promise<void> {
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
