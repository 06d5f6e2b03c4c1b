const HOST = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Whether it names a host by labels: an address in numbers, or of one label, leads into the operator's own network. */
export function isHostName(text: string): boolean {
  return HOST.test(text);
}
