/** Where the bytes of the hub lie in the bundle store. Published keys are content addressed and never overwritten. */
export const bundleKeys = {
  /** An upload that waits for its job. */
  staged: (jobId: string) => `staged/${jobId}`,
  /** One file of a publish that sends its files one by one. */
  ticket: (ticketId: string) => `tickets/${ticketId}`,
  /** An upload that vetting refused, kept for people to look at. */
  quarantined: (jobId: string) => `quarantine/${jobId}`,
  archive: (sha256: string, kind: 'tar.gz' | 'zip') => `bundles/${sha256}.${kind}`,
  /** The raw signature over the archive of that digest. */
  signature: (sha256: string, keyId: string) => `bundles/${sha256}.${keyId}.sig`,
  preview: (treeDigest: string) => `previews/${treeDigest}.json`,
};

export const STAGED_PREFIX = 'staged/';

/** The tag of a rendered answer that was built from one skill alone; see `ReadCache`. */
export function skillTag(namespace: string, name: string): string {
  return `skill:${namespace}/${name}`;
}

/** The tags of every answer that a change of this skill makes stale: those about it, and all searches. */
export function staleTags(namespace: string, name: string): string[] {
  return [skillTag(namespace, name), 'search'];
}
