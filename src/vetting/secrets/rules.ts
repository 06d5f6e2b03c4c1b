import type { SecretRule } from './rule.ts';
import { AI_RULES } from './rules/ai.ts';
import { CLOUD_RULES } from './rules/cloud.ts';
import { DATABASE_RULES } from './rules/databases.ts';
import { INFRASTRUCTURE_RULES } from './rules/infrastructure.ts';
import { LITERAL_RULES } from './rules/literals.ts';
import { MESSAGING_RULES } from './rules/messaging.ts';
import { MONITORING_RULES } from './rules/monitoring.ts';
import { PAYMENT_RULES } from './rules/payment.ts';
import { PRIVATE_KEY_RULES } from './rules/private-keys.ts';
import { PRODUCTIVITY_RULES } from './rules/productivity.ts';
import { REGISTRY_RULES } from './rules/registries.ts';
import { SOURCE_HOSTING_RULES } from './rules/source-hosting.ts';

/** All rules. Of two that match at one place the first one counts, so that what any credential fits comes last. */
export const SECRET_RULES: readonly SecretRule[] = [
  ...CLOUD_RULES,
  ...INFRASTRUCTURE_RULES,
  ...SOURCE_HOSTING_RULES,
  ...AI_RULES,
  ...PAYMENT_RULES,
  ...MESSAGING_RULES,
  ...REGISTRY_RULES,
  ...MONITORING_RULES,
  ...PRODUCTIVITY_RULES,
  ...DATABASE_RULES,
  ...PRIVATE_KEY_RULES,
  ...LITERAL_RULES,
];
