import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { clientLabel, UNNAMED_CLIENT } from '../../core/accounts/client-label.ts';
import { redeemLoginCode } from '../../core/accounts/redeem-login-code.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { hubOrigin } from '../../http/kit/origin.ts';
import type { HubEnv } from '../../http/kit/types.ts';
import { parseFields, readForm } from '../read-form.ts';
import type { SignInFlow } from '../sign-in/pages.tsx';
import { askWho, mailCode, refuseCode, type SignInForm, signInFields } from '../sign-in/steps.tsx';
import { keyLocation, type LoopbackAddress, loopbackAddress } from './redirect.ts';

const PATH = '/cli/auth';

const linkSchema = z.object({
  redirect_uri: z.string().max(200),
  label_b64: z.string().max(400).optional(),
  state: z.string().regex(/^[0-9a-f]{8,128}$/i, 'has to be 8 to 128 hex digits'),
});
const formSchema = linkSchema.extend({ ...signInFields, step: z.enum(['begin', 'mail', 'finish']) });

interface LoopbackLogin {
  address: LoopbackAddress;
  label: string;
  state: string;
  flow: SignInFlow;
}

/** The page of clients that wait for their key at an address of the person's own computer. */
export function loopbackPages(app: Hono<HubEnv>, deps: Deps): void {
  app.get(PATH, (c) => {
    const link = parseFields(new URL(c.req.url).searchParams, linkSchema);
    return askWho(c, readLogin(link).flow, { namespace: '', email: '', code: '' });
  });
  app.post(PATH, async (c) => {
    const form = await readForm(c, formSchema);
    const login = readLogin(form);
    switch (form.step) {
      case 'begin':
        return askWho(c, login.flow, form);
      case 'mail':
        return mailCode(c, deps, login.flow, form);
      case 'finish':
        return handOver(c, deps, login, form);
    }
  });
}

/** @throws Problem `invalid_request` */
function readLogin({ redirect_uri, label_b64 = '', state }: z.infer<typeof linkSchema>): LoopbackLogin {
  const address = loopbackAddress(redirect_uri);
  if (address === undefined) {
    throw new Problem('invalid_request', 'This link would send your key to an address that is not on this computer.', {
      fix: 'Do not use it, unless you know the program that made it: it has to wait at http://127.0.0.1 or localhost.',
    });
  }
  const label = clientLabel(decodeBase64Url(label_b64)) || UNNAMED_CLIENT;
  const flow: SignInFlow = {
    action: PATH,
    title: 'Log in a program',
    hidden: { redirect_uri, label_b64, state },
    summary: <Asking label={label} host={address.host} />,
    finish: 'Log in',
    formAction: address.source,
  };
  return { address, label, state, flow };
}

function Asking({ label, host }: { label: string; host: string }) {
  return (
    <>
      <dl>
        <dt>Program</dt>
        <dd>{label}</dd>
        <dt>Waits at</dt>
        <dd>
          <code>{host}</code> on this computer
        </dd>
      </dl>
      <p class="note">
        Go on only if you have just started this login yourself. The program gets a key with which it can publish and
        delete in your name.
      </p>
    </>
  );
}

async function handOver(c: Context<HubEnv>, deps: Deps, login: LoopbackLogin, form: SignInForm): Promise<Response> {
  const { namespace, code } = form;
  try {
    const { apiKey } = await redeemLoginCode(deps, { namespace, code, label: login.label });
    const registry = hubOrigin(c, deps.settings);
    c.header('Cache-Control', 'no-store');
    return c.redirect(keyLocation(login.address, { token: apiKey, registry, state: login.state }), 303);
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthorized') return refuseCode(c, login.flow, form);
    throw error;
  }
}

/** @throws Problem `invalid_request` */
function decodeBase64Url(text: string): string {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    const fix = 'Open the link that your program shows, whole.';
    throw new Problem('invalid_request', 'label_b64 is not base64url of UTF-8.', { fix }, { cause });
  }
}
