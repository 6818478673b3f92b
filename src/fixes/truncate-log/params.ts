import { z } from 'zod';

/** Which log. From the finding; nobody types it. */
export const Params = z.strictObject({
  path: z
    .string()
    .max(4096)
    .regex(/^(?:\/[^/\0]+)+$/, 'must be the absolute path of a file')
    .refine(
      (path) => path.split('/').every((part) => part !== '.' && part !== '..'),
      'must not contain "." or ".."',
    )
    .describe('the log, as an absolute path without symbolic links'),
});
export type Params = z.output<typeof Params>;
