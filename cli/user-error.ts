/** A failure that is told to the user as it stands: what went wrong, and what to do next. */
export class UserError extends Error {
  readonly fix: string;
  /** 1 for a failure, 2 for wrong usage, 4 for a missing or refused key. */
  readonly exitCode: 1 | 2 | 4;

  constructor(message: string, fix: string, exitCode: 1 | 2 | 4 = 1, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserError';
    this.fix = fix;
    this.exitCode = exitCode;
  }
}
