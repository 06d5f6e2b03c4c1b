import { findDeceptive } from '../../src/format/visible-text.ts';

/** What every reader promises of a value: it can be stored as JSON, and no text in it deceives. */
export function checkText(value: unknown): void {
  JSON.stringify(value, (key, item: unknown) => {
    for (const text of [key, item]) {
      const deceptive = typeof text === 'string' ? findDeceptive(text) : undefined;
      if (deceptive !== undefined) throw new Error(`accepted the character ${deceptive.name}`);
    }
    return item;
  });
}
