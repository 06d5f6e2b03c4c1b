import type { Clock, Random } from '../core/deps.ts';

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids in the manner of ULID: 48 bits of time and 80 of chance, in Crockford's base 32. */
export function cryptoRandom(clock: Clock): Random {
  return {
    id() {
      return timePart(clock.now()) + chancePart();
    },
    hex(bytes) {
      return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join('');
    },
    below(below) {
      // Values past the last whole multiple would make small results likelier.
      const limit = Math.floor(2 ** 32 / below) * below;
      for (;;) {
        const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
        if (value < limit) return value % below;
      }
    },
  };
}

function timePart(now: number): string {
  let rest = now;
  let text = '';
  for (let i = 0; i < 10; i++) {
    text = CROCKFORD.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function chancePart(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => CROCKFORD.charAt(byte % 32)).join('');
}
