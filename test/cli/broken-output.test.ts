import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const MODULE = resolve(import.meta.dirname, '../../cli/broken-output.ts');
const PROGRAM = `
  const { endOnBrokenOutput } = await import(${JSON.stringify(MODULE)});
  endOnBrokenOutput(process);
  process.exitCode = 3;
  for (let i = 0; i < 20000; i++) console.log('a line of the result');
`;

/** A program that writes much, its stdout led elsewhere by a shell; what the shell itself prints, and its exit code. */
function piped(redirection: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = `"$NODE" --input-type=module -e "$PROGRAM" ${redirection}`;
  const env = { ...process.env, NODE: process.execPath, PROGRAM, NODE_NO_WARNINGS: '1' };
  return new Promise((done) => {
    const child = execFile('bash', ['-c', command], { env }, (_error, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('output that cannot be written', () => {
  it.skipIf(!existsSync('/dev/full'))('is told in one line, with exit code 1', async () => {
    expect(await piped('> /dev/full')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: The output cannot be written (ENOSPC).\n',
    });
  });

  it('is no failure when the reader has enough', async () => {
    expect(await piped('| head -n 1; exit $PIPESTATUS')).toEqual({
      code: 0,
      stdout: 'a line of the result\n',
      stderr: '',
    });
  });

  it('leaves alone what can be written', async () => {
    expect(await piped('> /dev/null')).toEqual({ code: 3, stdout: '', stderr: '' });
  });
});
