import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { approveDeviceLogin } from '../../core/accounts/device-login/approve.ts';
import { denyDeviceLogin } from '../../core/accounts/device-login/deny.ts';
import { findDeviceLogin } from '../../core/accounts/device-login/find.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import type { HubEnv } from '../../http/kit/types.ts';
import { readForm } from '../read-form.ts';
import { html } from '../render.ts';
import { askWho, mailCode, refuseCode, signInFields } from '../sign-in/steps.tsx';
import { ApprovedPage, DEVICE_PATH, DeniedPage, deviceFlow, UserCodePage } from './pages.tsx';

const TYPED_LENGTH = 32;

const formSchema = z.object({
  ...signInFields,
  step: z.enum(['begin', 'mail', 'finish', 'deny']),
  user_code: z.string().max(TYPED_LENGTH).default(''),
});

type DeviceForm = z.infer<typeof formSchema>;

/** The page on which somebody approves the login of a program that shows a code. */
export function devicePages(app: Hono<HubEnv>, deps: Deps): void {
  app.get(DEVICE_PATH, (c) => {
    const typed = (c.req.query('user_code') ?? '').slice(0, TYPED_LENGTH);
    return html(c, <UserCodePage typed={typed} />);
  });
  app.post(DEVICE_PATH, async (c) => {
    const form = await readForm(c, formSchema);
    try {
      return await takeStep(c, deps, form);
    } catch (error) {
      if (!(error instanceof Problem) || (error.code !== 'not_found' && error.code !== 'state_conflict')) throw error;
      const fault = `${error.message} ${error.details.fix}`;
      return html(c, <UserCodePage typed={form.user_code} fault={fault} />, { status: error.status });
    }
  });
}

/** @throws Problem `not_found` and `state_conflict` about the user code only */
async function takeStep(c: Context<HubEnv>, deps: Deps, form: DeviceForm): Promise<Response> {
  const login = await findDeviceLogin(deps, form.user_code);
  const flow = deviceFlow(login, deps.clock.now());
  switch (form.step) {
    case 'begin':
      return askWho(c, flow, form);
    case 'mail':
      return mailCode(c, deps, flow, form);
    case 'deny':
      await denyDeviceLogin(deps, login.userCode);
      return html(c, <DeniedPage />);
    case 'finish':
      try {
        await approveDeviceLogin(deps, { userCode: login.userCode, namespace: form.namespace, code: form.code });
      } catch (error) {
        if (error instanceof Problem && error.code === 'unauthorized') return refuseCode(c, flow, form);
        throw error;
      }
      return html(c, <ApprovedPage label={login.label} namespace={form.namespace} />);
  }
}
