import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Vitest global setup: tests that start real processes run what the sources say now. */
export default function build(): void {
  execFileSync(process.execPath, ['build.mjs'], { cwd: join(import.meta.dirname, '../..'), stdio: 'inherit' });
}
