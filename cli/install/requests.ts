import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSkillRef, type SkillRef } from '../../src/format/names.ts';
import { type CodedError, usageError } from '../failure.ts';

/** What somebody names on the command line to be installed. */
export type Request =
  | { kind: 'registry'; text: string; ref: SkillRef }
  /** A folder or an archive. */
  | { kind: 'file'; text: string; path: string }
  | { kind: 'url'; text: string; url: string };

/** Windows logs in to the host that such a path names; a project that says so for all is refused everywhere. */
const NETWORK = /^[\\/]{2}/;
const ARCHIVE = /\.(skill|tar\.gz|tgz|zip)$/i;

/**
 * Reads `[@ns/]name[@range]`, a path (`./x`, `../x`, `/x`, `file:x`, or an archive that is there) or a web address.
 *
 * @throws FormatError `invalid_name`
 * @throws CodedError `usage` for a web address with a password, and for `file:` that names no file of this machine
 */
export function readRequest(text: string, folder: string): Request {
  if (/^https?:\/\//i.test(text)) return { kind: 'url', text, url: checkUrl(text) };
  const path = pathOf(text, folder);
  if (path !== undefined) return { kind: 'file', text, path };
  return { kind: 'registry', text, ref: parseSkillRef(text) };
}

/** @param folder relative paths begin there */
function pathOf(text: string, folder: string): string | undefined {
  if (text.startsWith('file:')) {
    const path = text.startsWith('file://') ? readFileUrl(text) : text.slice('file:'.length);
    if (NETWORK.test(path)) throw notHere(text);
    return resolve(folder, path);
  }
  const isPath = /^\.\.?([/\\]|$)/.test(text) || isAbsolute(text);
  if (isPath || (ARCHIVE.test(text) && existsSync(resolve(folder, text)))) return resolve(folder, text);
  return undefined;
}

/** An address of this machine has no host. */
function readFileUrl(text: string): string {
  if (!text.startsWith('file:///') || !URL.canParse(text)) throw notHere(text);
  try {
    return fileURLToPath(text);
  } catch (cause) {
    // Such as an encoded slash.
    if (cause instanceof TypeError) throw notHere(text);
    throw cause;
  }
}

function notHere(text: string): CodedError {
  return usageError(
    `'${text}' is not the address of a file here.`,
    'Write its path, such as ./my-skill or /home/me/my-skill.',
  );
}

/** It is written into files that others read. */
function checkUrl(text: string): string {
  if (!URL.canParse(text)) throw usageError(`'${text}' is not a web address.`, 'Check how it is written.');
  const url = new URL(text);
  if (url.username || url.password)
    throw usageError(
      'A web address with a name and a password would be written into skills.lock.',
      'Download the archive yourself, and install the file.',
    );
  url.hash = '';
  return url.href;
}
