import type { Child } from 'hono/jsx';
import { Alert, Field, Hidden, StepButton } from '../form.tsx';
import { Page } from '../layout.tsx';

/** A sign-in by mailed code as a part of something larger, which says what it is for and what comes after it. */
export interface SignInFlow {
  /** The path that every form of it is sent to. */
  action: string;
  title: string;
  /** What every form carries along. */
  hidden: Record<string, string>;
  /** Who asks for what, above the form. */
  summary: Child;
  /** The button that hands in the code from the mail. */
  finish: string;
  /** The button that refuses, where refusing has an effect. */
  deny?: string;
  /** Where the last form leads, if not to the hub. */
  formAction?: string;
}

export interface SignInValues {
  namespace: string;
  email: string;
}

export interface SignInFaults {
  namespace?: string;
  email?: string;
  /** What is wrong with no field of its own. */
  form?: string;
}

/** The first step: whose login it is. */
export function SignInPage(props: { flow: SignInFlow; values: SignInValues; faults?: SignInFaults }) {
  const { flow, values, faults = {} } = props;
  return (
    <Page title={flow.title} failed={props.faults !== undefined}>
      {flow.summary}
      {faults.form && <Alert>{faults.form}</Alert>}
      <form method="post" action={flow.action}>
        <Hidden values={flow.hidden} />
        <Field
          name="namespace"
          label="Your namespace"
          hint="The name that you publish under. A new one can be made on the way."
          value={values.namespace}
          error={faults.namespace}
          autocomplete="username"
          maxlength={64}
        />
        <Field
          name="email"
          label="Its e-mail address"
          hint="A code with six digits is mailed to it."
          type="email"
          value={values.email}
          error={faults.email}
          autocomplete="email"
          maxlength={254}
        />
        <div class="buttons">
          <StepButton step="mail" primary>
            Mail me a code
          </StepButton>
          <DenyButton flow={flow} />
        </div>
      </form>
    </Page>
  );
}

/** Between the steps, where the namespace is free: typing errors should not found anything. */
export function CreatePage({ flow, values }: { flow: SignInFlow; values: SignInValues }) {
  return (
    <Page title={`Create the namespace ${values.namespace}?`}>
      <p>
        This hub has no namespace <strong>{values.namespace}</strong> yet. It can be yours: it will belong to the
        address <strong>{values.email}</strong>, and a code is mailed there before anything else happens. Check the
        spelling of both.
      </p>
      <form method="post" action={flow.action}>
        <Hidden values={{ ...flow.hidden, ...values, create: 'yes' }} />
        <div class="buttons">
          <StepButton step="mail" primary>
            Create it and mail me a code
          </StepButton>
          <StepButton step="begin">Change what I entered</StepButton>
        </div>
      </form>
    </Page>
  );
}

/** The second step: the code from the mail. */
export function CodePage(props: { flow: SignInFlow; values: SignInValues; fault?: string }) {
  const { flow, values, fault } = props;
  return (
    <Page title={flow.title} failed={fault !== undefined}>
      {flow.summary}
      <form method="post" action={flow.action}>
        <Hidden values={{ ...flow.hidden, ...values }} />
        <Field
          name="code"
          label="Code from the mail"
          hint={`Six digits, mailed to ${values.email} for the namespace ${values.namespace}. They are good for ten minutes.`}
          value=""
          error={fault}
          inputmode="numeric"
          autocomplete="one-time-code"
          pattern="\s*([0-9]\s*){6}"
          maxlength={16}
        />
        <div class="buttons">
          <StepButton step="finish" primary>
            {flow.finish}
          </StepButton>
          <DenyButton flow={flow} />
          <StepButton step="mail" optional>
            Mail another code
          </StepButton>
        </div>
      </form>
    </Page>
  );
}

function DenyButton({ flow }: { flow: SignInFlow }) {
  if (flow.deny === undefined) return null;
  return (
    <StepButton step="deny" optional>
      {flow.deny}
    </StepButton>
  );
}
