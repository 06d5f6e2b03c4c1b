type Output = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exit'>;

/**
 * Ends the program when its output cannot be written. A reader that closes the pipe early, as `head` does, is no failure: exit
 * code 0, without a word. Anything else, such as a full disk, is told on stderr: exit code 1.
 */
export function endOnBrokenOutput({ stdout, stderr, exit }: Output): void {
  stdout.on('error', (error) => {
    const code = 'code' in error ? error.code : error.message;
    if (code === 'EPIPE') exit(0);
    stderr.write(`error: The output cannot be written (${code}).\n`);
    exit(1);
  });
}
