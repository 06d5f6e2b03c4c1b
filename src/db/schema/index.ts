export * from './accounts.ts';
export * from './catalog.ts';
export * from './certificates.ts';
export * from './downloads.ts';
export * from './faces.ts';
export * from './jobs.ts';
export * from './log.ts';
export * from './moderation.ts';
