import type { LocalSkill } from '../check-skill.ts';
import { formatSize } from '../progress.ts';
import { table } from '../terminal.ts';

/** The files of a skill for programs; sizes in bytes. */
export function describeFiles({ bundle }: Pick<LocalSkill, 'bundle'>) {
  return bundle.files.map(({ path, bytes, executable }) => ({ path, size: bytes.length, executable }));
}

/** The files of a skill with their sizes, then what lies beside them and why it does not go along. */
export function listContents({ bundle, leftOut = [] }: Pick<LocalSkill, 'bundle' | 'leftOut'>): string[] {
  const files = bundle.files.map(({ path, bytes }) => [`  ${path}`, formatSize(bytes.length)]);
  const others = leftOut.map(({ path, reason }) => [`  ${path}`, reason]);
  return [table(files), ...(others.length === 0 ? [] : ['left out:', table(others)])];
}
