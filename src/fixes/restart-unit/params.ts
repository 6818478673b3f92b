import { z } from 'zod';

/** What systemd allows in a name (systemd.unit(5)), without a leading dash. */
const UNIT = /^[A-Za-z0-9_:][A-Za-z0-9_:.@\\-]{0,200}$/;
/** What can be restarted without taking half of the host with it. */
const KINDS = /\.(service|socket|timer|path)$/;
const OTHER_KINDS = /\.(target|mount|automount|swap|slice|scope|device)$/;

/** Exactly one of the two. From the finding; nobody types them. */
export const Params = z
  .strictObject({
    unit: z
      .string()
      .regex(UNIT)
      .refine((name) => !OTHER_KINDS.test(name), 'only a service, socket, timer or path')
      // As systemctl reads it: a name without a kind is a service.
      .transform((name) => (KINDS.test(name) ? name : `${name}.service`))
      .optional()
      .describe('systemd unit or init script; `docker` is `docker.service`'),
    container: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/)
      .optional()
      .describe('id or name of a container, instead of a unit'),
  })
  .refine(
    ({ unit, container }) => (unit === undefined) !== (container === undefined),
    'exactly one of unit and container',
  );
export type Params = z.output<typeof Params>;
