import { z } from 'zod';

/** Credentials are no option: they come from where the AWS SDK looks for them. */
export const S3Options = z.strictObject({
  bucket: z.string().min(3).max(63),
  /** Put before every key, as it is: with a `/` at its end it is a folder. */
  prefix: z.string().max(500).default(''),
  region: z.string().min(1).optional(),
  /** Another S3 than Amazon's: the bucket then stands in the path. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
});

export type S3Options = z.output<typeof S3Options>;
