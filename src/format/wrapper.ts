import { type BundleFile, comparePaths } from './bundle.ts';
import { FormatError } from './format-error.ts';

const SKILL_FILE = 'SKILL.md';

/**
 * Returns the files sorted by path, with `SKILL.md` at the root: a single folder around everything is removed.
 * @throws FormatError `malformed_archive` when `SKILL.md` is elsewhere, missing or spelled otherwise
 */
export function stripWrapper(files: readonly BundleFile[]): BundleFile[] {
  if (!isWrapped(files)) return sorted(files);
  const paths = new Set(files.map((file) => file.path));

  const tops = [...new Set(files.map((file) => file.path.split('/', 1)[0] ?? ''))].sort(comparePaths);
  const wrapper = tops.find((top) => paths.has(`${top}/${SKILL_FILE}`));
  if (wrapper === undefined) throw noSkillFile(files, tops);
  const stray = files.find((file) => !file.path.startsWith(`${wrapper}/`));
  if (stray !== undefined) {
    throw new FormatError(
      'malformed_archive',
      `'${stray.path}' lies outside the folder '${wrapper}', which holds ${SKILL_FILE}`,
      {
        fix: `An archive is one skill: put ${SKILL_FILE} and all its files at the root or in one folder.`,
        file: stray.path,
      },
    );
  }
  return sorted(files.map((file) => ({ ...file, path: file.path.slice(wrapper.length + 1) })));
}

/** True when `SKILL.md` is not at the root, so that `stripWrapper` changes paths or throws. */
export function isWrapped(files: readonly BundleFile[]): boolean {
  return !files.some((file) => file.path === SKILL_FILE);
}

function sorted(files: readonly BundleFile[]): BundleFile[] {
  return [...files].sort((a, b) => comparePaths(a.path, b.path));
}

function noSkillFile(files: readonly BundleFile[], tops: readonly string[]): FormatError {
  const misspelt = files.find((file) => /^([^/]+\/)?skill\.md$/i.test(file.path));
  if (misspelt !== undefined) {
    return new FormatError('malformed_archive', `'${misspelt.path}' must be spelled ${SKILL_FILE}`, {
      fix: `Rename it to ${SKILL_FILE}: file systems and agents tell upper case from lower case.`,
      file: misspelt.path,
    });
  }
  const shown = tops.slice(0, 5).map((top) => `'${top}'`);
  return new FormatError(
    'malformed_archive',
    `the archive has no ${SKILL_FILE} at its root or in a single top folder; it holds ${shown.join(', ')}${tops.length > 5 ? ' …' : ''}`,
    { fix: `Pack the folder that holds ${SKILL_FILE}.` },
  );
}
