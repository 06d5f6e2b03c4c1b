/**
 * Makes an input smaller as long as `isStillBad` holds: leaves out halves, then quarters, and so on down to single bytes,
 * then replaces what is left by spaces where that changes nothing.
 *
 * @param tries how often `isStillBad` may be asked
 */
export async function minimise(
  input: Uint8Array,
  isStillBad: (input: Uint8Array) => Promise<boolean>,
  tries: number,
): Promise<Uint8Array> {
  let best = input;
  let left = tries;
  const take = async (candidate: Uint8Array) => {
    left--;
    const taken = await isStillBad(candidate);
    if (taken) best = candidate;
    return taken;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length && left > 0; ) {
      const without = Uint8Array.from(Buffer.concat([best.subarray(0, at), best.subarray(at + size)]));
      if (!(await take(without))) at += size;
    }
  }
  for (let at = 0; at < best.length && left > 0; at++) {
    if (best[at] === 0x20) continue;
    const plain = Uint8Array.from(best);
    plain[at] = 0x20;
    await take(plain);
  }
  return best;
}
