export { vetContent } from './content.ts';
export { vetSafety } from './safety.ts';
export { vetStructure } from './structure.ts';
export type { VettingContext } from './vetting-context.ts';
