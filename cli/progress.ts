import type { CliContext } from './context.ts';

const WIDTH = 24;
/** Beside the bar: its brackets and spaces, and `1023.9 KiB`, as long as a size gets. */
const BESIDE = 15;
const COLUMNS = 80;

/** A bar on stderr that grows with the bytes that passed; nothing at all where no terminal shows it. */
export class Progress {
  readonly #draw: ((text: string) => void) | undefined;
  readonly #label: string;
  readonly #width: number;
  #total = 0;
  #passed = 0;
  #shown = -1;

  constructor(context: Pick<CliContext, 'stderr' | 'terminal' | 'columns'>, label: string, quiet = false) {
    this.#draw = context.terminal.stderr && !quiet ? (text) => void context.stderr.write(text) : undefined;
    this.#label = label;
    // A line that is wider than the terminal could not be taken away again.
    this.#width = Math.max(1, Math.min(WIDTH, (context.columns || COLUMNS) - label.length - BESIDE));
  }

  /** Adds to the bytes that are to come. */
  expect(bytes: number): void {
    this.#total += bytes;
  }

  advance(bytes: number): void {
    this.#passed += bytes;
    const width = this.#width;
    const filled = Math.min(width, Math.floor((this.#passed / Math.max(1, this.#total)) * width));
    if (filled === this.#shown) return;
    this.#shown = filled;
    this.#draw?.(`\r${this.#label} [${'#'.repeat(filled)}${' '.repeat(width - filled)}] ${formatSize(this.#passed)}`);
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
