import type { Log, LogFields } from '../core/deps.ts';

/** JSON lines on the Worker's console. */
export const consoleLog: Log = {
  info: (event, fields) => console.log(line('info', event, fields)),
  error: (event, fields) => console.error(line('error', event, fields)),
};

function line(level: string, event: string, fields: LogFields = {}): string {
  return JSON.stringify({ level, event, ...fields });
}
