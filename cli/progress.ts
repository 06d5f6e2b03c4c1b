import type { CliContext } from './context.ts';

const WIDTH = 24;

/** A bar on stderr that grows with the bytes that passed; nothing at all where no terminal shows it. */
export class Progress {
  readonly #draw: ((text: string) => void) | undefined;
  readonly #label: string;
  #total = 0;
  #passed = 0;
  #shown = -1;

  constructor(context: Pick<CliContext, 'stderr' | 'terminal'>, label: string, quiet = false) {
    this.#draw = context.terminal.stderr && !quiet ? (text) => void context.stderr.write(text) : undefined;
    this.#label = label;
  }

  /** Adds to the bytes that are to come. */
  expect(bytes: number): void {
    this.#total += bytes;
  }

  advance(bytes: number): void {
    this.#passed += bytes;
    const filled = Math.min(WIDTH, Math.floor((this.#passed / Math.max(1, this.#total)) * WIDTH));
    if (filled === this.#shown) return;
    this.#shown = filled;
    this.#draw?.(`\r${this.#label} [${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${formatSize(this.#passed)}`);
  }

  /** Takes the bar away again. */
  done(): void {
    if (this.#shown !== -1) this.#draw?.('\r\u{1b}[2K');
    this.#shown = -1;
  }
}

/** Bytes for people: `812 B`, `1.4 KiB`, `3.0 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kibibytes = bytes / 1024;
  return kibibytes < 1024 ? `${kibibytes.toFixed(1)} KiB` : `${(kibibytes / 1024).toFixed(1)} MiB`;
}
