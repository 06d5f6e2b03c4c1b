import { FormatError, type FormatErrorCode } from './format-error.ts';

const KIB = 1024;

/** The most bytes that the files which describe a skill may have. */
export const MAX_DOCUMENT_BYTES = {
  'SKILL.md': 1024 * KIB,
  'manifest.json': 128 * KIB,
  'skill.yaml': 64 * KIB,
} as const;

/** What one skill may say about itself, in Unicode characters and in number. */
export const MAX_TEXT = {
  category: 64,
  license: 200,
  author: 200,
  keyword: 64,
  framework: 64,
  range: 100,
  dependency: 130,
  address: 500,
  npmPackage: 214,
  changelog: 20_000,
};
export const MAX_COUNT = { keywords: 50, capabilities: 50, frameworks: 50, dependencies: 100, keys: 200 };
export const MAX_FRONTMATTER_BYTES = 64 * KIB;

/** Where a field is written, for the error that names it. */
export interface FieldPlace {
  code: FormatErrorCode;
  file: string;
  /** Line in `file`, counted from 1. */
  line?: number;
}

/** @throws FormatError with the code of the place when `text` has more than `max` Unicode characters */
export function checkLength(field: string, text: string | null | undefined, max: number, place: FieldPlace): void {
  const length = text === null || text === undefined || text.length <= max ? 0 : [...text].length;
  if (length > max) throw tooMuch(`${field} is ${length} characters long`, max, place);
}

/** @throws FormatError with the code of the place when there are more than `max` */
export function checkCount(field: string, count: number, max: number, place: FieldPlace): void {
  if (count > max) throw tooMuch(`${field} has ${count} entries`, max, place);
}

function tooMuch(problem: string, max: number, { code, file, line }: FieldPlace): FormatError {
  const where = line === undefined ? file : `${file} line ${line}`;
  return new FormatError(code, `${where}: ${problem}; the maximum is ${max}`, {
    fix: `Shorten it in ${file}.`,
    file,
    ...(line === undefined ? {} : { line }),
  });
}
