import { z } from 'zod';

/** Longest texts that are kept; Opsgenie's own limits are lower (message 130, alias 512). */
const LINE = 1_000;
const TEXT = 15_000;
const MAX_ENTRIES = 100;

const text = (max: number) =>
  z.preprocess(
    (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
    z
      .string()
      .transform((value) => value.slice(0, max).trim())
      .catch(''),
  );

/** `details` are texts by the book; numbers, truth values and lists of them are read as well. */
const Details = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((details) =>
    Object.fromEntries(
      Object.entries(details)
        .slice(0, MAX_ENTRIES)
        .flatMap(([key, value]) => {
          const read = detailText(value);
          return read === null || key.length > LINE ? [] : [[key, read.slice(0, LINE)] as const];
        }),
    ),
  );

/** Lists of lists of lists are nobody's labels, and thousands of them no stack can take. */
const DEEPEST = 3;

function detailText(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value) || depth === DEEPEST) return null;
  const parts = value.slice(0, MAX_ENTRIES).map((part) => detailText(part, depth + 1));
  return parts.every((part) => part !== null) ? parts.join(',') : null;
}

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
        details: Details.optional(),
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
