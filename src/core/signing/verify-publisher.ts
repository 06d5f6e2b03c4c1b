import { type Bundle, findFile } from '../../format/bundle.ts';
import { fromHex } from '../../format/hex.ts';
import { parseManifest } from '../../format/manifest.ts';
import { verifyPss } from '../../format/pss.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { checkChain } from './check-chain.ts';
import { type PublisherKey, requirePinned } from './pinned-key.ts';

const CHAIN = 'manifest.json: cert_chain_pem';

export interface PublisherSignature {
  /** Lower-case hex. */
  signature: string;
  /** As `CheckedChain.pem`: two if this hub issued the first, else one. */
  certificates: string[];
  key: PublisherKey;
}

/**
 * Checks the publisher's signature in `manifest.json`, if there is one: RSASSA-PSS in which the 32 bytes of `sha256` take the
 * place of the message's hash. That `sha256` is what the packer declared of an archive without this manifest, so the
 * signature says who published and what they claim, not which bytes these are: the registry's own signature does.
 *
 * @param bundle one whose manifest was read before
 * @returns undefined for a bundle without a signature
 * @throws Problem `invalid_signature`, `wrong_key`, or as `checkChain` does
 */
export async function verifyPublisher(
  deps: Pick<Deps, 'db' | 'clock'>,
  namespace: string,
  bundle: Bundle,
): Promise<PublisherSignature | undefined> {
  const file = findFile(bundle, 'manifest.json');
  const manifest = file && parseManifest(new TextDecoder().decode(file.bytes));
  const signature = manifest?.publisher_sig_hex?.toLowerCase();
  if (signature === undefined) return undefined;
  if (!manifest?.sha256) {
    throw new Problem('invalid_signature', 'manifest.json: publisher_sig_hex signs sha256, which is missing.', {
      file: 'manifest.json',
      fix: 'Add the sha256 that was signed, or leave the signature out.',
    });
  }
  const { leaf, pem } = await checkChain(deps, namespace, manifest.cert_chain_pem ?? [], CHAIN);
  if (!(await verifyPss(leaf.key, fromHex(manifest.sha256), fromHex(signature)))) {
    throw new Problem(
      'invalid_signature',
      'manifest.json: publisher_sig_hex does not fit sha256 and the certificate.',
      {
        file: 'manifest.json',
        fix: 'Sign the 32 bytes of sha256 with RSASSA-PSS, SHA-256 and a salt of 32 bytes; or leave the signature out.',
      },
    );
  }
  const key = { fingerprint: leaf.fingerprint, pem: leaf.keyPem };
  await requirePinned(deps, namespace, key);
  return { signature, certificates: pem, key };
}
