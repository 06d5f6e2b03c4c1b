export * from './accounts.ts';
export * from './catalog.ts';
export * from './faces.ts';
export * from './jobs.ts';
