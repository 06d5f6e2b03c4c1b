/** Every way a use case can refuse or fail, with the HTTP status that the dialects use unless a contract says otherwise. */
export const PROBLEM_STATUS = {
  invalid_request: 400,
  invalid_certificate: 400,
  invalid_signature: 400,
  invalid_pgp_key: 400,
  unauthorized: 401,
  key_expired: 401,
  forbidden: 403,
  wrong_email: 403,
  wrong_key: 403,
  not_found: 404,
  request_timeout: 408,
  namespace_taken: 409,
  version_exists: 409,
  state_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_body: 422,
  invalid_certificate_request: 422,
  invalid_pgp_signature: 422,
  invalid_name: 422,
  invalid_version: 422,
  invalid_skill_md: 422,
  invalid_manifest: 422,
  invalid_skill_yaml: 422,
  malformed_archive: 422,
  hostile_archive: 422,
  limit_exceeded: 422,
  digest_mismatch: 422,
  version_rejected: 422,
  too_many_codes: 429,
  too_many_reports: 429,
  too_many_certificates: 429,
  too_many_rotations: 429,
  rate_limited: 429,
  internal_error: 500,
  mail_unavailable: 503,
  storage_unavailable: 503,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;
export type ProblemStatus = (typeof PROBLEM_STATUS)[ProblemCode];

export interface ProblemDetails {
  /** The file or archive entry at fault. */
  file?: string;
  /** 1-based line in `file`. */
  line?: number;
  /** What to do about it. */
  fix?: string;
  /** One entry a field that did not fit, for bodies and queries. */
  errors?: { path: string; message: string }[];
  /** What a `not_found` looked for, if it is one of these. */
  missing?: 'skill' | 'version' | 'file';
  /** Why there is nothing any more; told only to those who could read it before. */
  gone?: 'hidden' | 'removed' | 'withdrawn';
  /** Seconds to wait before another try. */
  retryAfter?: number;
}

/** The one error that use cases throw on purpose. Anything else that escapes them is a fault of ours. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, message: string, details: ProblemDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }

  get status(): ProblemStatus {
    return PROBLEM_STATUS[this.code];
  }
}
