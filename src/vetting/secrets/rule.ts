import type { Severity } from '../../format/finding.ts';

/** How the credentials of one issuer look. The facts come from the page that `source` names. */
export interface SecretRule {
  /** Kebab-case and stable: it is part of the finding's rule. */
  id: string;
  provider: string;
  /** What it is, for people. */
  label: string;
  /** Where the issuer, or who took the format apart, describes it. */
  source: string;
  /** Texts of at least three characters, compared without case: the pattern is tried only where one of them stands. */
  keywords: readonly string[];
  /** How many characters before the keyword a match begins; 0 when not given. */
  back?: number;
  /**
   * Sticky; the group `secret` holds the credential. What repeats is bounded, so that the work at one place is too.
   */
  pattern: RegExp;
  /** Bits a character that the credential has at least; 3 when not given. */
  minEntropy?: number;
  /** Must be found within 200 characters of the match, for formats that are no proof by themselves. */
  near?: RegExp;
  /** The test that the format itself allows: a checksum, or parts that decode to something. */
  isReal?: (secret: string, around: string) => boolean;
  /** Set when `isReal` alone tells a credential from a placeholder, as a long one holds any short word by chance. */
  judgesAlone?: true;
  /** Where this is found within 200 characters, the credential is one for tests and the finding a warning. */
  adviceNear?: RegExp;
  /** `error` when not given: what blocks a version. */
  severity?: Severity;
  /** Set for formats that any credential fits: a match gives way to one of an issuer's format inside it. */
  generic?: true;
}

/** A sticky pattern for a credential that is a word of its own, also after an escaped line end. */
export function word(secret: string): RegExp {
  return new RegExp(`(?:(?<![A-Za-z0-9_-])|(?<=\\\\[nrt]))(?<secret>${secret})(?![A-Za-z0-9_])`, 'y');
}

/** A sticky pattern for a value that is assigned to a name, quoted or not, whatever the case of the name. */
export function assigned(name: string, value: string): RegExp {
  const assignment = '["\'`]?[ \\t]{0,8}(?:=>|:=|=|:)[ \\t]{0,8}["\'`]?';
  return new RegExp(`${name}${assignment}(?<secret>${value})(?![A-Za-z0-9_+/=-])`, 'iy');
}
