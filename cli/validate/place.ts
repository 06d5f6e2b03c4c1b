import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../../src/format/finding.ts';
import type { SkillReport } from './report.ts';

/** Where a finding is, for programs that show it beside the file. */
export interface Place {
  /** Relative to the working directory, with `/`; absolute for what lies outside. */
  path: string;
  /** Counted from 1. */
  line?: number;
  /** What comes before the message where the path cannot say it: the place inside an archive. */
  inside: string;
}

/** An archive is one file to such programs: what is inside it has no line there. */
export function placeOf(cwd: string, { path, archive }: SkillReport, { file, line }: Finding): Place {
  if (archive) {
    const at = line === undefined ? '' : `:${line}`;
    return { path: shownPath(cwd, path), inside: file === undefined ? '' : `${file}${at}: ` };
  }
  const whole = file === undefined ? path : `${path}/${file}`;
  return { path: shownPath(cwd, whole), ...(line === undefined ? {} : { line }), inside: '' };
}

/** A path as people read it: relative where it is below the working directory, which itself is `.`. */
export function shownPath(cwd: string, path: string): string {
  const way = relative(cwd, path).replaceAll('\\', '/');
  if (way === '') return '.';
  return way === '..' || way.startsWith('../') || isAbsolute(way) ? path.replaceAll('\\', '/') : way;
}

/** The same as a URI reference. */
export function uriOf(path: string): { uri: string; uriBaseId?: string } {
  if (isAbsolute(path)) return { uri: pathToFileURL(path).href };
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}
