/** The risks of the OWASP Agentic Skills Top 10, edition 2026 (a draft of the incubator project), by their ids. */
export const OWASP_RISKS = {
  AST01: 'Malicious Skills',
  AST02: 'Supply Chain Compromise',
  AST03: 'Over-Privileged Skills',
  AST04: 'Insecure Metadata',
  AST05: 'Untrusted External Instructions',
  AST06: 'Weak Isolation',
  AST07: 'Update Drift',
  AST08: 'Poor Scanning',
  AST09: 'No Governance',
  AST10: 'Cross-Platform Reuse',
} as const;

export type OwaspId = keyof typeof OWASP_RISKS;
