import { z } from 'zod';

/** Which stanza of which file. From the finding; nobody types them. */
export const Params = z.strictObject({
  config: z
    .string()
    .max(4096)
    .regex(/^(?:\/[^/\0\n]+)+$/, 'must be the absolute path of a file')
    .refine(
      (path) => path.split('/').every((part) => part !== '.' && part !== '..'),
      'must not contain "." or ".."',
    )
    .describe("file of logrotate's configuration, as an absolute path"),
  stanza: z
    .string()
    .min(1)
    .max(4096)
    .transform((text) => text.replace(/\s+/g, ' ').trim())
    .describe('what stands before the `{` of the stanza, white space folded to single blanks'),
});
export type Params = z.output<typeof Params>;
