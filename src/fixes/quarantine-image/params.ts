import { z } from 'zod';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Exactly one of the two. From the finding; nobody types them. */
export const Params = z
  .strictObject({
    layer: digest.optional().describe('chain id of the damaged layer, `sha256:…`'),
    image: digest.optional().describe('id of the damaged image, `sha256:…`, instead of a layer'),
  })
  .refine(
    ({ layer, image }) => (layer === undefined) !== (image === undefined),
    'exactly one of layer and image',
  );
export type Params = z.output<typeof Params>;
