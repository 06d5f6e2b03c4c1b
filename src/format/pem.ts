/**
 * The DER bytes of a text that is one PEM block with this label and nothing else.
 *
 * @returns undefined for anything else
 */
export function decodePem(text: string, label: string): Uint8Array | undefined {
  const block = text.trim();
  const head = `-----BEGIN ${label}-----`;
  const foot = `-----END ${label}-----`;
  if (!block.startsWith(head) || !block.endsWith(foot)) return undefined;
  const base64 = block.slice(head.length, -foot.length).replace(/\s/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) return undefined;
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** DER bytes as one PEM block: lines of 64 characters, each ended by `\n`. */
export function encodePem(der: Uint8Array, label: string): string {
  let binary = '';
  for (const byte of der) binary += String.fromCharCode(byte);
  const lines = btoa(binary).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
