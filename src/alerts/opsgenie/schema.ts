import { z } from 'zod';
import { LINE, MAX_ENTRIES, TEXT, TextMap, text } from '../fields.ts';

const Tags = z
  .array(z.unknown())
  .catch([])
  .transform((tags) =>
    tags
      .flatMap((tag) => (typeof tag === 'string' ? [tag.trim().slice(0, LINE)] : []))
      .slice(0, MAX_ENTRIES),
  );

/** `"P1"` … `"P5"` since 2020; `3` or `"2"` in 2017. */
const Priority = z
  .union([z.string(), z.number()])
  .transform((value) => /^P?([1-5])$/i.exec(String(value).trim())?.[1])
  .transform((digit) => (digit === undefined ? '' : `P${digit}`))
  .catch('');

const Named = z.looseObject({ name: text(LINE).optional() }).catch({});

/**
 * The fields that are needed; anything else may come along. Only `action` and `alert.alertId` are in
 * every delivery (`Escalate` has nothing more). Times are milliseconds (`createdAt`) and nanoseconds
 * (`updatedAt`, read as text because it is beyond 2^53).
 */
export const OpsgenieWebhook = z.object(
  {
    action: z
      .string('must be a text such as "Create"')
      .trim()
      .min(1, 'must not be empty')
      .max(200, 'must have at most 200 characters'),
    alert: z.object(
      {
        alertId: z
          .string('must be a text')
          .trim()
          .min(1, 'must not be empty')
          .max(200, 'must have at most 200 characters'),
        message: text(LINE).optional(),
        alias: text(LINE).optional(),
        entity: text(LINE).optional(),
        description: text(TEXT).optional(),
        details: TextMap.optional(),
        tags: Tags.optional(),
        priority: Priority.optional(),
        source: text(LINE).optional(),
        team: text(LINE).optional(),
        username: text(LINE).optional(),
        userFullName: text(LINE).optional(),
        note: text(TEXT).optional(),
        addedTags: text(LINE).optional(),
        removedTags: text(LINE).optional(),
        owner: text(LINE).optional(),
        recipient: text(LINE).optional(),
        createdAt: text(30).optional(),
        updatedAt: text(30).optional(),
      },
      'must be an object',
    ),
    source: Named.optional(),
    escalationName: text(LINE).optional(),
    escalationNotify: Named.optional(),
    recipient: Named.optional(),
    repeatCount: text(30).optional(),
  },
  'must be an object with "action" and "alert"',
);
export type OpsgenieWebhook = z.output<typeof OpsgenieWebhook>;
