import { defineArchiveSink } from '../contract.ts';
import { S3Options } from './options.ts';

/** Archives in a bucket of S3, or of anything that speaks its protocol. */
export const s3 = defineArchiveSink({
  id: 's3',
  title: 'S3 bucket',
  options: S3Options,
  // The SDK is large: whoever has no bucket does not load it.
  open: async (options) => (await import('./s3-sink.ts')).openS3(options),
});
