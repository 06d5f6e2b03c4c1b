import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { formatSize, Progress } from '../../cli/progress.ts';
import { harmless, paint, table } from '../../cli/terminal.ts';

const tty = { stdin: true, stdout: true, stderr: true };
const pipe = { stdin: false, stdout: false, stderr: false };

describe('harmless', () => {
  const evil = 'a\u{1b}[2Jb\u{1b}]0;title\u{7}c\rd\u{9b}5ne\n\tf\u{1b}[31mred\u{1b}[39m';

  it('takes everything that moves a terminal out', () => {
    expect(harmless({ env: {}, terminal: pipe, colorDepth: 8 }, evil)).toBe('a[2Jb]0;titlecd5ne\n\tfred');
  });

  it('keeps colours where they are wanted', () => {
    expect(harmless({ env: {}, terminal: tty, colorDepth: 8 }, evil)).toBe(
      'a[2Jb]0;titlecd5ne\n\tf\u{1b}[31mred\u{1b}[39m',
    );
  });

  it('keeps what paint writes, and no other style: text could be hidden by it', () => {
    const context = { env: {}, terminal: tty, colorDepth: 8 };
    for (const style of ['bold', 'dim', 'red', 'green', 'yellow'] as const) {
      const painted = paint(context, style, 'x');
      expect(painted.split('\u{1b}')).toEqual([
        '',
        expect.stringMatching(/^\[\d+mx$/),
        expect.stringMatching(/^\[\d+m$/),
      ]);
      expect(harmless(context, painted)).toBe(painted);
    }
    for (const code of ['8', '0', '', '30;40', '38;5;0', '1;8', '7'])
      expect(harmless(context, `a\u{1b}[${code}mb`)).toBe('ab');
  });
});

describe('table', () => {
  it('aligns columns', () => {
    expect(
      table([
        ['a', 'bb', 'c'],
        ['aaa', 'b'],
      ]),
    ).toBe('a    bb  c\naaa  b');
    expect(table([])).toBe('');
  });
});

describe('Progress', () => {
  const draw = (terminal: typeof tty, quiet?: boolean) => {
    const stderr = new PassThrough();
    const progress = new Progress({ stderr, terminal }, 'uploading', quiet);
    progress.expect(2048);
    progress.advance(1024);
    progress.advance(1024);
    progress.done();
    progress.done();
    return String(stderr.read() ?? '');
  };

  it('grows on a terminal and goes away', () => {
    expect(draw(tty)).toBe(
      `\ruploading [${'#'.repeat(12)}${' '.repeat(12)}] 1.0 KiB\ruploading [${'#'.repeat(24)}] 2.0 KiB\r\u{1b}[2K`,
    );
  });

  it('is silent in a pipe and with --json', () => {
    expect(draw(pipe)).toBe('');
    expect(draw(tty, true)).toBe('');
  });

  it('says sizes for people', () => {
    expect([0, 1023, 1024, 3 * 1024 * 1024].map(formatSize)).toEqual(['0 B', '1023 B', '1.0 KiB', '3.0 MiB']);
  });
});
