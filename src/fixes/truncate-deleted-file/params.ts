import { z } from 'zod';

const number = z.coerce.number().int().nonnegative().safe();

/** Which descriptor of which process, and which file it must be. From the finding; nobody types them. */
export const Params = z.strictObject({
  pid: number.min(1).describe('process that holds the file'),
  fd: number.describe('its file descriptor'),
  inode: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^[1-9][0-9]{0,19}$/))
    .describe('inode number of the file'),
  device: z
    .string()
    .regex(/^[0-9]{1,10}:[0-9]{1,10}$/)
    .describe('device of the file system, major:minor'),
});
export type Params = z.output<typeof Params>;
