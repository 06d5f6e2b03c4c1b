/** The wire shapes of `/v1`, shared with the command line. Times are RFC 3339; digests are lower-case hex. */
export * from './schemas/accounts.ts';
export * from './schemas/changes.ts';
export * from './schemas/content.ts';
export * from './schemas/device-login.ts';
export * from './schemas/keys.ts';
export * from './schemas/log.ts';
export * from './schemas/packages.ts';
export * from './schemas/problem.ts';
export * from './schemas/publishing.ts';
export * from './schemas/stars.ts';
export * from './schemas/transfers.ts';
