import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CliContext } from './context.ts';
import { usageError } from './failure.ts';

/** Asks questions on a terminal; the questions go to stderr, so that stdout holds the result only. */
export class Prompt {
  readonly #context: CliContext;
  #lines: AsyncIterator<string> | undefined;
  #reader: Interface | undefined;

  constructor(context: CliContext) {
    this.#context = context;
  }

  /** @throws CodedError `usage` without a terminal, and when the input ends; `flag` names the way without asking */
  async ask(question: string, flag: string): Promise<string> {
    const answer = await this.#readAnswer(question, flag);
    if (answer === '') throw usageError(`${question} is missing.`, `Answer the question, or give ${flag}.`);
    return answer;
  }

  /**
   * The same for what need not be answered.
   *
   * @returns undefined for an empty answer
   * @throws CodedError `usage` without a terminal
   */
  async askOptional(question: string, flag: string): Promise<string | undefined> {
    return (await this.#readAnswer(question, flag)) || undefined;
  }

  async #readAnswer(question: string, flag: string): Promise<string> {
    if (!this.#context.terminal.stdin) {
      throw usageError(`${question} is missing, and there is no terminal to ask on.`, `Give ${flag}.`);
    }
    this.#reader ??= createInterface({ input: this.#context.stdin });
    this.#lines ??= this.#reader[Symbol.asyncIterator]();
    this.#context.stderr.write(`${question}: `);
    const line = await this.#lines.next();
    return line.done ? '' : line.value.trim();
  }

  /**
   * The same for what nobody may read over one's shoulder: nothing of the answer is shown.
   *
   * @throws CodedError as `ask`
   */
  async askSecret(question: string, flag: string): Promise<string> {
    if (this.#context.terminal.stdin && this.#reader === undefined) {
      const output = new Writable({ write: (_chunk, _encoding, done) => done() });
      // In a terminal's raw mode nothing is echoed, and Ctrl-C comes as a key.
      this.#reader = createInterface({ input: this.#context.stdin, output, terminal: true });
      this.#reader.on('SIGINT', () => this.#context.exit(130));
    }
    try {
      return await this.ask(question, flag);
    } finally {
      if (this.#context.terminal.stdin) this.#context.stderr.write('\n');
    }
  }

  close(): void {
    this.#reader?.close();
  }
}
