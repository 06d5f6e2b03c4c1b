/** What a moderator decides, each with a reason. */
const DECISIONS = ['approve', 'reject', 'grant', 'deny', 'confirm', 'dismiss', 'hide', 'show', 'ban', 'unban'];

/** All that `skills admin` does. */
export const ADMIN_ACTS: readonly string[] = [
  ...['queue', 'appeals', 'reports', 'audit', 'rescan', 'download', 'moderator'],
  ...DECISIONS,
];
