import { showText } from './visible-text.ts';

/** A message may quote several names; longer than this it is a list of input. */
const MAX_MESSAGE = 1000;

export type FormatErrorCode =
  | 'malformed_archive'
  | 'hostile_archive'
  | 'limit_exceeded'
  | 'invalid_skill_md'
  | 'invalid_manifest'
  | 'invalid_skill_yaml'
  | 'invalid_name'
  | 'invalid_version'
  | 'invalid_certificate'
  | 'invalid_certificate_request'
  | 'invalid_pgp_key'
  | 'invalid_pgp_signature';

export interface FormatErrorDetails {
  /** What the author should do; a full sentence. */
  fix: string;
  /** The archive entry or the file that is wrong. */
  file?: string;
  /** Line in `file`, counted from 1. */
  line?: number;
  cause?: unknown;
}

/**
 * Input that does not follow the package format. It is always the fault of the input, never of the program,
 * so callers may show `message` and `fix` to the person who sent it. `message` names the entry or file. Whatever they
 * quote is made fit to be shown: control characters are escaped, and the message has at most some 1,000 characters.
 */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly code: FormatErrorCode;
  readonly fix: string;
  readonly file?: string;
  readonly line?: number;

  constructor(code: FormatErrorCode, message: string, details: FormatErrorDetails) {
    super(showText(message, MAX_MESSAGE), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.fix = showText(details.fix, MAX_MESSAGE);
    if (details.file !== undefined) this.file = showText(details.file);
    if (details.line !== undefined) this.line = details.line;
  }
}
