import type { Sample } from '../sample.ts';
import { applicationData } from './programs-application-data.ts';
import { fetchedCode } from './programs-fetched-code.ts';
import { persistence } from './programs-persistence.ts';
import { remoteControl } from './programs-remote-control.ts';
import { secrets } from './programs-secrets.ts';
import { surveillance } from './programs-surveillance.ts';

/** Programs of some use with harm among it, which is spread over functions, variables and files. */
export const UNSEEN_PROGRAMS: readonly Sample[] = [
  ...applicationData,
  ...secrets,
  ...surveillance,
  ...fetchedCode,
  ...remoteControl,
  ...persistence,
];
