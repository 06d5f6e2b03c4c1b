import { agentTampering } from './agent-tampering.ts';
import { credentialAccess } from './credential-access.ts';
import { destruction } from './destruction.ts';
import { executable } from './executable.ts';
import { exfiltration } from './exfiltration.ts';
import { fakePrerequisite } from './fake-prerequisite.ts';
import { fetchAndRun } from './fetch-and-run.ts';
import { fraud } from './fraud.ts';
import { hiddenText } from './hidden-text.ts';
import { obfuscation } from './obfuscation.ts';
import { persistence } from './persistence.ts';
import { privilege } from './privilege.ts';
import { promptInjection } from './prompt-injection.ts';
import { remoteControl } from './remote-control.ts';
import { remoteInstructions } from './remote-instructions.ts';
import type { Family } from './sample.ts';

/** Harmful skills of every kind that the rules look for. */
export const FAMILIES: readonly Family[] = [
  agentTampering,
  credentialAccess,
  destruction,
  executable,
  exfiltration,
  fakePrerequisite,
  fetchAndRun,
  fraud,
  hiddenText,
  obfuscation,
  persistence,
  privilege,
  promptInjection,
  remoteControl,
  remoteInstructions,
];
