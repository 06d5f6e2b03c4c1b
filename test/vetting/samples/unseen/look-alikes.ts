import type { Sample } from '../sample.ts';
import { agents } from './look-alikes-agents.ts';
import { languages } from './look-alikes-languages.ts';
import { operations } from './look-alikes-operations.ts';
import { programs } from './look-alikes-programs.ts';
import { services } from './look-alikes-services.ts';

/** Harmless skills that have much in common with harmful ones. */
export const LOOK_ALIKES: readonly Sample[] = [...agents, ...services, ...operations, ...programs, ...languages];
