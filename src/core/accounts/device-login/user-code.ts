import type { Random } from '../../deps.ts';

/** The letters that RFC 8628 section 6.1 recommends: without vowels they spell no word, without digits nothing looks alike. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;
const USER_CODE = new RegExp(`^[${LETTERS}]{${LENGTH}}$`);

/** Eight letters, about 2.5 * 10^10 possibilities, without the hyphen that people see. */
export function newUserCode(random: Random): string {
  return Array.from({ length: LENGTH }, () => LETTERS.charAt(random.below(LETTERS.length))).join('');
}

/** A code as it was typed, in any case, with hyphens or spaces or without; undefined for what cannot be one. */
export function readUserCode(typed: string): string | undefined {
  const code = typed.replace(/[\s-]/g, '').toUpperCase();
  return USER_CODE.test(code) ? code : undefined;
}

/** The code as people see it: `XXXX-XXXX`. */
export function showUserCode(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}
