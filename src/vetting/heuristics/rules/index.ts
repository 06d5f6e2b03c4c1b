import type { Rule } from '../rule.ts';
import { addressPurposeRules } from './address-purpose.ts';
import { agentMisuseRules } from './agent-misuse.ts';
import { agentPermissionRules } from './agent-permissions.ts';
import { agentTamperingRules } from './agent-tampering.ts';
import { concealmentRules } from './concealment.ts';
import { credentialAccessRules } from './credential-access.ts';
import { destructionRules } from './destruction.ts';
import { evasionRules } from './evasion.ts';
import { executableRules } from './executable.ts';
import { exfiltrationRules } from './exfiltration.ts';
import { fakePrerequisiteRules } from './fake-prerequisite.ts';
import { falseAuthorityRules } from './false-authority.ts';
import { fetchAndRunRules } from './fetch-and-run.ts';
import { foreignLanguageRules } from './foreign-language.ts';
import { fraudRules } from './fraud.ts';
import { hiddenTextRules } from './hidden-text.ts';
import { mismatchRules } from './mismatch.ts';
import { obfuscationRules } from './obfuscation.ts';
import { persistenceRules } from './persistence.ts';
import { privilegeRules } from './privilege.ts';
import { programAccessRules } from './program-access.ts';
import { programBehaviourRules } from './program-behaviour.ts';
import { promptInjectionRules } from './prompt-injection.ts';
import { remoteControlRules } from './remote-control.ts';
import { remoteInstructionRules } from './remote-instructions.ts';
import { scriptBehaviourRules } from './script-behaviour.ts';
import { skipConsentRules } from './skip-consent.ts';
import { surveillanceRules } from './surveillance.ts';
import { toldToSendRules } from './told-to-send.ts';

/** Every rule; the order does not matter. */
export const RULES: readonly Rule[] = [
  ...hiddenTextRules,
  ...promptInjectionRules,
  ...falseAuthorityRules,
  ...foreignLanguageRules,
  ...concealmentRules,
  ...skipConsentRules,
  ...remoteInstructionRules,
  ...fetchAndRunRules,
  ...fakePrerequisiteRules,
  ...credentialAccessRules,
  ...exfiltrationRules,
  ...toldToSendRules,
  ...remoteControlRules,
  ...persistenceRules,
  ...destructionRules,
  ...obfuscationRules,
  ...executableRules,
  ...privilegeRules,
  ...evasionRules,
  ...agentTamperingRules,
  ...agentPermissionRules,
  ...agentMisuseRules,
  ...fraudRules,
  ...surveillanceRules,
  ...scriptBehaviourRules,
  ...programBehaviourRules,
  ...programAccessRules,
  ...addressPurposeRules,
  ...mismatchRules,
];
