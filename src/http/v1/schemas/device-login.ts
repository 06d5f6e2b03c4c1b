import * as z from 'zod';

export const beginDeviceLoginSchema = z
  .object({
    label: z.string().max(64).optional().meta({ description: 'What the key is to be called; shown to the person.' }),
    client: z.string().max(64).optional().meta({ description: 'The name of the program.', example: 'my-cli' }),
  })
  .meta({ id: 'BeginDeviceLogin' });

export const deviceLoginSchema = z
  .object({
    device_code: z.string().meta({ description: 'The secret to poll with.' }),
    user_code: z.string().meta({ description: 'What the person compares, or types.', example: 'WDJB-MJHT' }),
    verification_uri: z.string().meta({ description: 'The page to type it on.' }),
    verification_uri_complete: z.string().meta({ description: 'The same page with the code filled in.' }),
    expires_in: z.number().int().meta({ description: 'Seconds.' }),
    interval: z.number().int().meta({ description: 'Seconds to wait between two polls.' }),
  })
  .meta({ id: 'DeviceLogin' });

export const pollDeviceLoginSchema = z
  .object({ device_code: z.string().min(1).max(256) })
  .meta({ id: 'PollDeviceLogin' });

export const pendingDeviceLoginSchema = z
  .object({
    status: z.literal('pending'),
    interval: z.number().int().meta({ description: 'Seconds to wait before the next poll; more after one too early.' }),
  })
  .meta({ id: 'PendingDeviceLogin' });
