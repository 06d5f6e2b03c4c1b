import { type Checkpoint, openCheckpoint } from '../src/format/tlog/checkpoint.ts';
import { isSameHash } from '../src/format/tlog/merkle.ts';
import { parseVerifierKey, type VerifierKey } from '../src/format/tlog/verifier-key.ts';
import type { LogCheckpointBody, LogProofBody, RegistryKeysBody } from '../src/http/v1/schemas.ts';
import { errorCode } from './atomic-file.ts';
import { readSeenLog, type SeenLog, updateSeenLog } from './checkpoints.ts';
import type { Client } from './client.ts';
import type { CliContext } from './context.ts';
import { CodedError } from './failure.ts';
import { checkEntry, checkHead, type LogClaim, type LogView } from './log-check.ts';

const HOUR_MS = 3_600_000;
const MAX_AGE_HOURS = 24;
const ROUNDS = 3;
/** Of these two signed checkpoints are the proof. */
const PROVABLE = ['rollback', 'equivocation'];

type LogContext = Pick<CliContext, 'env' | 'home' | 'clock'>;

/** Watches one registry's transparency log during a command: each answer has to follow the one before. */
export class LogWatch {
  readonly #context: LogContext;
  readonly #client: Client;
  readonly #shown: string | undefined;
  readonly #known: SeenLog;
  #newest: { note: string; head: Checkpoint } | undefined;
  #asked = false;
  /** Ends when the answer before has been judged. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(context: LogContext, client: Client, shown: string | undefined, known: SeenLog) {
    this.#context = context;
    this.#client = client;
    this.#shown = shown;
    this.#known = known;
  }

  /** @param log what the registry says of its log, if it has one */
  static async open(context: LogContext, client: Client, log: RegistryKeysBody['log']): Promise<LogWatch> {
    return new LogWatch(context, client, log?.key, await readSeenLog(context, client.registry));
  }

  /**
   * Passes when the log says of a version what the registry serves, or when the registry never had a log.
   *
   * @returns what the registry proved it with, if it has a log
   * @throws CodedError with one of `LOG_CODES`
   */
  check(claim: LogClaim): Promise<LogProofBody | undefined> {
    const judged = this.#turn.then(() => this.#judge(claim));
    this.#turn = judged.catch(() => undefined);
    return judged;
  }

  /**
   * Passes when the log goes on from what was seen and is not too old, or when the registry never had one: for a command that asks
   * a registry what there is, and then finds all of that in the cache.
   *
   * @throws CodedError with one of `LOG_CODES`
   */
  checkProgress(): Promise<void> {
    const judged = this.#turn.then(() => this.#judgeProgress());
    this.#turn = judged.catch(() => undefined);
    return judged;
  }

  /**
   * Remembers the newest checkpoint that was found good. When another process saw another one meanwhile, the registry has to
   * show that both are of the same log.
   *
   * @returns what to tell the user: once, that the registry has no log
   * @throws CodedError as `check` does
   */
  async keep(): Promise<string | undefined> {
    const { registry } = this.#client;
    const newest = this.#newest;
    if (newest) {
      await updateSeenLog(this.#context, registry, async ({ warned: _, ...before }) => ({
        ...before,
        key: this.#shown,
        checkpoint: before.checkpoint === this.#known.checkpoint ? newest.note : await this.#join(newest.note, before),
      }));
    }
    const { key, warned } = this.#known;
    if (!this.#asked || this.#shown !== undefined || key !== undefined || warned) return undefined;
    await updateSeenLog(this.#context, registry, async (before) => ({ ...before, warned: true }));
    return `${registry} has no transparency log: nobody would notice if it served others something else.`;
  }

  async #judge(claim: LogClaim): Promise<LogProofBody | undefined> {
    this.#asked = true;
    const key = await this.#key();
    if (!key) return undefined;
    const seen = this.#newest?.head ?? (await this.#seen(this.#known.checkpoint, key));
    const proof = await this.#proof(claim, seen?.size);
    const before = this.#newest?.note ?? this.#known.checkpoint;
    const head = await this.#follow(this.#view(key, seen), before, proof);
    await checkEntry(this.#client.registry, head, proof, claim);
    this.#newest = { note: proof.checkpoint, head };
    return proof;
  }

  async #judgeProgress(): Promise<void> {
    const key = this.#newest ? undefined : await this.#key();
    if (!key) return;
    const before = this.#known.checkpoint;
    const seen = await this.#seen(before, key);
    const shown = await this.#client.logCheckpoint(seen?.size);
    const head = await this.#follow(this.#view(key, seen), before, shown);
    this.#newest = { note: shown.checkpoint, head };
  }

  /** The key of the log; undefined for a registry that never showed one. */
  async #key(): Promise<VerifierKey | undefined> {
    const { registry } = this.#client;
    const { key: kept } = this.#known;
    if (this.#shown === undefined && kept === undefined) return undefined;
    if (this.#shown === undefined) {
      const message = `${registry} shows no transparency log any more.`;
      throw new CodedError('stripped_log', message, fixOf('stopped keeping one'));
    }
    if (kept !== undefined && kept !== this.#shown) {
      const message = `${registry} signs its transparency log with another key than before: ${this.#shown}`;
      throw new CodedError('log_key_changed', message, fixOf('changed it'));
    }
    const key = await parseVerifierKey(this.#shown);
    if (key) return key;
    const fix = 'Check that this command line is as new as the registry.';
    throw new CodedError('forged_log', `The log of ${registry} has a key that cannot be read.`, fix);
  }

  async #proof(claim: LogClaim, from: number | undefined): Promise<LogProofBody> {
    try {
      return await this.#client.logProof(claim, claim.version, from);
    } catch (error) {
      if (!(error instanceof CodedError && error.code === 'not_found')) throw error;
      const message = `${this.#client.registry} does not prove that ${claim.label} is in its log.`;
      const fix = 'Do not use this version. Tell the operator of the registry.';
      throw new CodedError('not_logged', message, fix, 1, { cause: error });
    }
  }

  /** A checkpoint that was remembered; it was signed with the same key then. */
  async #seen(note: string | undefined, key: VerifierKey): Promise<Checkpoint | undefined> {
    if (note === undefined) return undefined;
    const seen = await openCheckpoint(note, key);
    if (seen) return seen;
    const message = `The checkpoint of ${this.#client.registry} in ~/.skills/checkpoints.json is damaged.`;
    throw new CodedError('forged_log', message, 'Restore the file, or remove this registry from it.');
  }

  /** One checkpoint that follows both ours and the one that another process remembered. */
  async #join(ours: string, { checkpoint, key }: SeenLog): Promise<string> {
    if (key !== undefined && key !== this.#shown)
      throw new CodedError(
        'log_key_changed',
        `${this.#client.registry} showed two keys of its log.`,
        fixOf('changed it'),
      );
    for (let round = 0; round < ROUNDS; round++) {
      const left = await this.#advance(ours);
      const right = checkpoint === undefined ? left : await this.#advance(checkpoint);
      if (left.head.size !== right.head.size) continue;
      if (isSameHash(left.head.root, right.head.root)) return left.note;
      const message = `${this.#client.registry} shows two logs at the same time.`;
      const error = new CodedError('equivocation', message, 'Do not use what it serves. Tell its operator.');
      throw await this.#withEvidence(error, left.note, { checkpoint: right.note });
    }
    throw new CodedError('network', `The log of ${this.#client.registry} grows too fast.`, 'Try again.');
  }

  async #advance(note: string): Promise<{ note: string; head: Checkpoint }> {
    const key = await this.#key();
    const seen = key && (await this.#seen(note, key));
    if (!seen) throw new Error('only a log that was seen can be followed');
    const next = await this.#client.logCheckpoint(seen.size);
    return { note: next.checkpoint, head: await this.#follow(this.#view(key, seen), note, next) };
  }

  /** As `checkHead`; what shows that the log lied is kept. @param before the signed note of what was seen */
  async #follow(view: LogView, before: string | undefined, shown: LogCheckpointBody): Promise<Checkpoint> {
    try {
      return await checkHead(view, shown.checkpoint, shown.consistency);
    } catch (error) {
      const isLie = error instanceof CodedError && PROVABLE.includes(error.code);
      if (!isLie || before === undefined) throw error;
      throw await this.#withEvidence(error, before, shown);
    }
  }

  /** The same error, whose fix says where both checkpoints are kept. */
  async #withEvidence(error: CodedError, before: string, shown: LogCheckpointBody): Promise<CodedError> {
    const { code, message } = error;
    const { keepEvidence } = await import('./log/evidence.ts');
    const evidence = {
      registry: this.#client.registry,
      code,
      message,
      noticed_at: new Date(this.#context.clock.now()).toISOString(),
      log_key: this.#shown ?? '',
      checkpoints: { before, now: shown.checkpoint },
      consistency: shown.consistency ?? [],
    };
    const kept = await keepEvidence(this.#context, evidence).then(
      (path) => `the proof, two signed checkpoints, is in ${path}.`,
      (cause) =>
        `the proof could not be kept (${errorCode(cause)}), but ~/.skills/checkpoints.json holds a half of it.`,
    );
    const fix = `Do not use what it serves. Tell its operator and others who use it: ${kept}`;
    return new CodedError(code, message, fix, 1, { cause: error });
  }

  #view(key: VerifierKey, seen: Checkpoint | undefined) {
    const { clock, env } = this.#context;
    const hours = Number(env.SKILLS_LOG_MAX_AGE_HOURS || MAX_AGE_HOURS);
    const maxAgeMs = (hours > 0 ? hours : MAX_AGE_HOURS) * HOUR_MS;
    return { registry: this.#client.registry, key, seen, now: clock.now(), maxAgeMs };
  }
}

function fixOf(meant: string): string {
  return `Ask its operator whether they ${meant}. If so, remove the registry from ~/.skills/checkpoints.json and try again.`;
}
