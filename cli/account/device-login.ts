import { hostname } from 'node:os';
import * as z from 'zod';
import { deviceLoginSchema, issuedKeySchema, pendingDeviceLoginSchema } from '../../src/http/v1/schemas.ts';
import type { Client } from '../client.ts';
import type { Clock } from '../context.ts';
import { CodedError } from '../failure.ts';

const LABEL_LENGTH = 64;
const polledSchema = z.union([issuedKeySchema, pendingDeviceLoginSchema]);

export interface DeviceKey {
  token: string;
  namespace: string;
}

/**
 * Logs in by way of a browser, on this machine or another one: begins a login, and asks until somebody has decided on it.
 *
 * @param show told where to go, and the code to compare there
 * @throws CodedError `forbidden` when the login was denied, `state_conflict` when nobody decided in time
 */
export async function loginByDevice(
  client: Client,
  clock: Clock,
  show: (page: string, code: string, minutes: number) => void,
): Promise<DeviceKey> {
  const body = { label: hostname().slice(0, LABEL_LENGTH), client: 'skills' };
  const begun = await client.call(deviceLoginSchema, 'auth/device', { method: 'POST', body });
  show(begun.verification_uri_complete, begun.user_code, Math.round(begun.expires_in / 60));
  const end = clock.now() + begun.expires_in * 1000;
  let interval = begun.interval;
  for (;;) {
    await clock.sleep(interval * 1000);
    const polled = await poll(client, begun.device_code, clock.now() < end);
    if (polled !== undefined && 'api_key' in polled) return { token: polled.api_key, namespace: polled.namespace };
    interval = polled?.interval ?? begun.interval;
  }
}

/** @param patient true while a registry that cannot be reached may come back in time; then the answer is undefined */
async function poll(client: Client, code: string, patient: boolean) {
  try {
    return await client.call(polledSchema, 'auth/device/token', { method: 'POST', body: { device_code: code } });
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'network' && patient) return undefined;
    if (error.code !== 'forbidden' && error.code !== 'state_conflict') throw error;
    throw new CodedError(error.code, error.message, 'Start again: skills login --device', error.exitCode, {
      cause: error,
    });
  }
}
