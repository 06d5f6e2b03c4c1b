import { styleText } from 'node:util';
import type { CliContext } from './context.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';
type StyleContext = Pick<CliContext, 'env' | 'terminal' | 'colorDepth'>;

/** Colours are for terminals, and for people who did not opt out (no-color.org). */
export function hasColours({ env, terminal, colorDepth }: StyleContext): boolean {
  return terminal.stdout && colorDepth > 1 && !env.NO_COLOR && env.TERM !== 'dumb';
}

export function paint(context: StyleContext, style: Style, text: string): string {
  return hasColours(context) ? styleText(style, text, { validateStream: false }) : text;
}

const ESCAPE = '\u{1b}';
const STYLES: Readonly<Record<Style, true>> = { bold: true, dim: true, red: true, green: true, yellow: true };
/** What `paint` writes around a text. */
const PAINTED = new Set(
  Object.keys(STYLES).flatMap((style) => styleText(style as Style, '|', { validateStream: false }).split('|')),
);
const CONTROL = /(?![\n\t])\p{Cc}(\[[0-9;]*m)?/gu;

/**
 * Text that may come from anybody, made harmless: it can neither move the cursor, nor send the terminal commands, nor hide
 * itself by styles that `paint` does not have.
 */
export function harmless(context: StyleContext, text: string): string {
  const colours = hasColours(context);
  return text.replace(CONTROL, (match, style: string | undefined = '') => {
    if (style === '') return '';
    if (!match.startsWith(ESCAPE)) return style;
    return colours && PAINTED.has(match) ? match : '';
  });
}

/** Rows as aligned columns; the last one is as wide as it likes. */
export function table(rows: readonly string[][]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
