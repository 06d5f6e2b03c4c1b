import type { PendingDeviceLogin } from '../../core/accounts/device-login/find.ts';
import { showUserCode } from '../../core/accounts/device-login/user-code.ts';
import { Field, StepButton } from '../form.tsx';
import { Page } from '../layout.tsx';
import type { SignInFlow } from '../sign-in/pages.tsx';

export const DEVICE_PATH = '/cli/device';

/** Asks for the code that the program shows. */
export function UserCodePage({ typed, fault }: { typed: string; fault?: string }) {
  return (
    <Page title="Log in a program" failed={fault !== undefined}>
      <p>A command line or another program that you started shows a code of eight letters.</p>
      <form method="post" action={DEVICE_PATH}>
        <Field
          name="user_code"
          label="Code from the program"
          hint="For example BCDF-GHJK; capitals and the hyphen do not matter."
          value={typed}
          error={fault}
          autocomplete="off"
          maxlength={32}
        />
        <div class="buttons">
          <StepButton step="begin" primary>
            Go on
          </StepButton>
        </div>
      </form>
    </Page>
  );
}

/** The sign-in that approves a login, under the words that say whose. */
export function deviceFlow(login: PendingDeviceLogin, now: number): SignInFlow {
  return {
    action: DEVICE_PATH,
    title: 'Log in a program',
    hidden: { user_code: showUserCode(login.userCode) },
    summary: <Asking login={login} now={now} />,
    finish: 'Approve',
    deny: 'Deny',
  };
}

function Asking({ login, now }: { login: PendingDeviceLogin; now: number }) {
  return (
    <>
      <dl>
        <dt>Program</dt>
        <dd>{login.label}</dd>
        <dt>Code</dt>
        <dd>
          <code>{showUserCode(login.userCode)}</code>
        </dd>
        <dt>Asked</dt>
        <dd>{ago(now - login.createdAt)}</dd>
      </dl>
      <p class="note">
        Approve only a login that you have just started yourself, in a program that shows this very code. Whoever sent
        you here otherwise could then publish and delete in your name.
      </p>
    </>
  );
}

function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute ago';
  return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
}

export function ApprovedPage({ label, namespace }: { label: string; namespace: string }) {
  return (
    <Page title="Approved">
      <p>
        <strong>{label}</strong> fetches a key for <strong>{namespace}</strong> within a few seconds. You can close this
        page and go back to it.
      </p>
    </Page>
  );
}

export function DeniedPage() {
  return (
    <Page title="Denied">
      <p>The program gets no key. You can close this page.</p>
    </Page>
  );
}
