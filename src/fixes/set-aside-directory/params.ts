import { z } from 'zod';

/** Which directory. From the finding; nobody types it. */
export const Params = z.strictObject({
  path: z
    .string()
    .max(900)
    .regex(/^\/[^/]/, 'must be an absolute path within HDFS')
    .regex(/[^/]$/, 'must not end with a slash')
    // A backslash is how a glob of the hdfs command is escaped: a name with one cannot be told apart on every version.
    .regex(/^[^\p{C}\\]*$/u, 'must not contain control characters or backslashes')
    .refine(
      (path) =>
        path
          .split('/')
          .slice(1)
          .every((part) => !['', '.', '..'].includes(part)),
      {
        message: 'must not contain "//", "." or ".."',
      },
    )
    .describe('the full directory within HDFS'),
});
export type Params = z.output<typeof Params>;
