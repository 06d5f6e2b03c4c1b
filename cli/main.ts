import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOnBrokenOutput } from './broken-output.ts';

/** This file is bundled to `dist/cli/main.js`. */
const packagePath = join(import.meta.dirname, '../..');
const argv = process.argv.slice(2);

endOnBrokenOutput(process);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
  const { version }: { version: string } = JSON.parse(readFileSync(join(packagePath, 'package.json'), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache?.();
  const [{ runProgram }, { processContext }] = await Promise.all([import('./program.ts'), import('./context.ts')]);
  process.exitCode = await runProgram(argv, processContext(packagePath));
}
