import type { Mail } from '../core/deps.ts';

export interface Sender {
  /** The value of the From header, already encoded. */
  header: string;
  /** The bare address, for the SMTP envelope. */
  address: string;
  domain: string;
}

export interface Envelope {
  from: Sender;
  /** Milliseconds since the epoch. */
  sentAt: number;
  /** Unique text for the left side of Message-ID: letters and digits. */
  id: string;
}

const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/i;
const MAX_ADDRESS = 254;
const MAX_PLAIN_HEADER = 900;
/** 39 bytes are 52 characters of base64: with its frame and `Subject: ` the line stays under the 76 of RFC 2047. */
const MAX_WORD_BYTES = 39;
const MAX_QUOTED_LINE = 75;

/**
 * Refuses what could add a header, a recipient or an SMTP command: `to` must be one bare ASCII address, `subject`
 * one line without control characters. Throws an Error that repeats neither.
 */
export function checkMail(mail: Mail): void {
  if (!isAddress(mail.to)) {
    throw new Error('Mail not sent: the recipient must be one plain ASCII address such as name@example.com.');
  }
  if (hasControl(mail.subject)) {
    throw new Error('Mail not sent: the subject must be one line without control characters.');
  }
}

/** Reads `name@example.com` or `Some Name <name@example.com>`; throws when it is neither. */
export function parseSender(from: string): Sender {
  const open = from.indexOf('<');
  const address = open < 0 ? from : from.slice(open + 1, -1);
  const name = open < 0 ? '' : from.slice(0, open).trim();
  if ((open >= 0 && !from.endsWith('>')) || hasControl(name) || !isAddress(address)) {
    throw new Error('The mail sender must look like hub@example.com or Skills Hub <hub@example.com>.');
  }
  const domain = address.slice(address.indexOf('@') + 1);
  return { header: name === '' ? address : `${displayName(name)} <${address}>`, address, domain };
}

/**
 * One RFC 5322 message with CRLF line ends. `quoted-printable` is pure ASCII with short lines, fit for any server;
 * `8bit` keeps the text readable as it is. Call `checkMail` before.
 */
export function composeMessage(mail: Mail, envelope: Envelope, encoding: 'quoted-printable' | '8bit'): string {
  const lines = mail.text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return [
    `From: ${envelope.from.header}`,
    `To: ${mail.to}`,
    `Subject: ${headerText(mail.subject)}`,
    `Date: ${new Date(envelope.sentAt).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${envelope.id}@${envelope.from.domain}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    ...(encoding === '8bit' ? lines : lines.map(quoteLine)),
    '',
  ].join('\r\n');
}

function isAddress(text: string): boolean {
  return text.length <= MAX_ADDRESS && ADDRESS.test(text);
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\x7f');
}

function isPlain(text: string): boolean {
  return text.length <= MAX_PLAIN_HEADER && /^[ -~]*$/.test(text) && !text.includes('=?');
}

function displayName(name: string): string {
  return isPlain(name) ? `"${name.replace(/^"(.*)"$/, '$1').replace(/["\\]/g, '\\$&')}"` : headerText(name);
}

/** Encoded words as in RFC 2047, each of whole characters, one a line. */
function headerText(text: string): string {
  if (isPlain(text)) return text;
  const words: string[] = [];
  let word: number[] = [];
  for (const character of text) {
    const bytes = new TextEncoder().encode(character);
    if (word.length + bytes.length > MAX_WORD_BYTES) {
      words.push(encodedWord(word));
      word = [];
    }
    word.push(...bytes);
  }
  return [...words, encodedWord(word)].join('\r\n ');
}

function encodedWord(bytes: number[]): string {
  return `=?UTF-8?B?${btoa(String.fromCharCode(...bytes))}?=`;
}

/** RFC 2045, section 6.7, for one line without its end. */
function quoteLine(line: string): string {
  const bytes = new TextEncoder().encode(line);
  let quoted = '';
  let column = 0;
  bytes.forEach((byte, index) => {
    const blankAtEnd = (byte === 0x20 || byte === 0x09) && index === bytes.length - 1;
    const literal = (byte >= 0x20 && byte <= 0x7e && byte !== 0x3d) || byte === 0x09;
    const token =
      literal && !blankAtEnd ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (column + token.length > MAX_QUOTED_LINE) {
      quoted += '=\r\n';
      column = 0;
    }
    quoted += token;
    column += token.length;
  });
  return quoted;
}
