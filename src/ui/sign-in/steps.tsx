import type { Context } from 'hono';
import * as z from 'zod';
import { mailSignIn } from '../../core/accounts/mail-sign-in.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { checkNamespace } from '../../format/names.ts';
import type { HubEnv } from '../../http/kit/types.ts';
import { html } from '../render.ts';
import { CodePage, CreatePage, type SignInFaults, type SignInFlow, SignInPage } from './pages.tsx';

const WRONG_CODE =
  'This code is wrong, has expired or was used. Only the code of the newest mail counts, and only for five tries; after that have another one mailed.';

/** The fields that the forms of a sign-in send; a step does not need all of them. */
export const signInFields = {
  namespace: z
    .string()
    .max(64)
    .default('')
    .transform((typed) => typed.trim().toLowerCase().replace(/^@/, '')),
  email: z.string().max(254).trim().default(''),
  create: z.literal('yes').optional(),
  code: z
    .string()
    .max(64)
    .default('')
    .transform((typed) => typed.replace(/\s/g, '')),
};

const emailSchema = z.email({ pattern: z.regexes.html5Email });

export type SignInForm = z.infer<z.ZodObject<typeof signInFields>>;

/** Shows the first step. */
export function askWho(c: Context<HubEnv>, flow: SignInFlow, { namespace, email }: SignInForm): Promise<Response> {
  return html(c, <SignInPage flow={flow} values={{ namespace, email }} />);
}

const BAD_NAMESPACE = 'A namespace has 3 to 32 of the characters a-z, 0-9 and "-".';

/** Mails a code and asks for it; or says what is wrong with the first step, or whether to create the namespace. */
export async function mailCode(c: Context<HubEnv>, deps: Deps, flow: SignInFlow, form: SignInForm): Promise<Response> {
  const { namespace, email } = form;
  const values = { namespace, email };
  const again = (status: Problem['status'], faults: SignInFaults) =>
    html(c, <SignInPage flow={flow} values={values} faults={faults} />, { status });
  if (!emailSchema.safeParse(email).success) return again(400, { email: 'This is no e-mail address.' });
  try {
    await mailSignIn(deps, { namespace, email, create: form.create !== undefined });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    switch (error.code) {
      case 'not_found':
        return html(c, <CreatePage flow={flow} values={values} />);
      case 'invalid_name':
        return again(400, { namespace: checkNamespace(namespace) ? BAD_NAMESPACE : sentences(error) });
      case 'namespace_taken':
        return again(error.status, { namespace: sentences(error) });
      case 'wrong_email':
        return again(error.status, { email: sentences(error) });
      case 'mail_unavailable':
        return again(error.status, { form: 'The mail could not be sent. Try again in a minute.' });
      case 'too_many_codes':
        return askCode(c, flow, form, { fault: sentences(error), problem: error });
      default:
        throw error;
    }
  }
  return askCode(c, flow, form);
}

/** Asks for the code once more, after one that was not good. */
export function refuseCode(c: Context<HubEnv>, flow: SignInFlow, form: SignInForm): Promise<Response> {
  return askCode(c, flow, form, { fault: WRONG_CODE, problem: new Problem('forbidden', WRONG_CODE) });
}

function askCode(
  c: Context<HubEnv>,
  flow: SignInFlow,
  { namespace, email }: SignInForm,
  refusal?: { fault: string; problem: Problem },
): Promise<Response> {
  const page = <CodePage flow={flow} values={{ namespace, email }} {...(refusal && { fault: refusal.fault })} />;
  const retryAfter = refusal?.problem.details.retryAfter;
  return html(c, page, {
    status: refusal?.problem.status ?? 200,
    formAction: flow.formAction,
    headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
  });
}

function sentences({ message, details }: Problem): string {
  return details.fix === undefined ? message : `${message} ${details.fix}`;
}
