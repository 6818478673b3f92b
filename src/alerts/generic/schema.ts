import { z } from 'zod';
import { ADDRESS, LINE, MAX_ENTRIES, TEXT } from '../fields.ts';
import { isoTime, webAddress } from '../read-text.ts';

/** What a script may say of an alert. */
export const STATUSES = ['firing', 'resolved', 'acknowledged', 'unacknowledged', 'note'] as const;

const line = (max: number) =>
  z
    .string('must be a text')
    .max(max, `must have at most ${max} characters`)
    .transform((value) => value.replace(/\s+/g, ' ').trim())
    .refine((value) => value !== '', 'must not be empty');

const host = z
  .string('must be a host name')
  .regex(/^\S{1,253}$/, 'must be one host name, without spaces, of at most 253 characters');

const map = z
  .record(
    z.string().max(100, 'its name must have at most 100 characters'),
    z
      .union([z.string(), z.number(), z.boolean()], 'must be a text, a number, true or false')
      .transform(String)
      .refine((value) => value.length <= LINE, `must have at most ${LINE} characters`),
    'must be a map of texts, such as { "alertname": "BackupFailed" }',
  )
  .refine(
    (entries) => Object.keys(entries).length <= MAX_ENTRIES,
    `must have at most ${MAX_ENTRIES} entries`,
  );

const FIELDS = {
  id: line(200),
  status: z.enum(STATUSES, { error: `must be one of ${STATUSES.join(', ')}` }),
  title: line(LINE).optional(),
  description: z
    .string('must be a text')
    .max(TEXT, `must have at most ${TEXT} characters`)
    .optional(),
  host: host.optional(),
  hosts: z.array(host, 'must be a list of host names').max(200, 'must be at most 200').optional(),
  labels: map.optional(),
  annotations: map.optional(),
  startsAt: z
    .string('must be a time such as 2026-11-20T12:00:00Z')
    .transform((value, issues) => {
      const time = isoTime(value);
      if (time !== null) return time;
      issues.addIssue({
        code: 'custom',
        message: 'must be a time with its zone, such as 2026-11-20T12:00:00Z',
      });
      return z.NEVER;
    })
    .optional(),
  url: z
    .string('must be an address')
    .refine(
      (value) => webAddress(value) !== undefined,
      `must be an http or https address of at most ${ADDRESS} characters`,
    )
    .optional(),
  actor: line(LINE).optional(),
};

const GenericAlert = z
  .strictObject(FIELDS, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key "${String(issue.keys[0]).slice(0, 40)}"; allowed: ${Object.keys(FIELDS).join(', ')}`
        : 'must be an object with "id", "status" and "title"',
  })
  .refine((alert) => alert.status !== 'firing' || alert.title !== undefined, {
    path: ['title'],
    message: 'must be given for a firing alert',
  });
export type GenericAlert = z.output<typeof GenericAlert>;

/** So many at once; a mebibyte could hold thousands. */
const MAX_ALERTS = 500;

const Alerts = z
  .array(GenericAlert, 'must be a list of alerts')
  .min(1, 'must hold an alert')
  .max(MAX_ALERTS, `must hold at most ${MAX_ALERTS} alerts: send the rest in another request`)
  .superRefine((alerts, issues) => {
    const seen = new Set<string>();
    for (const [n, { id }] of alerts.entries()) {
      if (seen.has(id)) {
        issues.addIssue({
          code: 'custom',
          path: [n, 'id'],
          message: 'is in this request twice: send what happened later in a request of its own',
        });
        return;
      }
      seen.add(id);
    }
  });

/** `{ alerts: […] }`; one alert and a plain list are brought into this form first. */
export const GenericWebhook = z.preprocess(
  (body) => {
    if (Array.isArray(body)) return { alerts: body as unknown[] };
    const one = typeof body === 'object' && body !== null && !Object.hasOwn(body, 'alerts');
    return one ? { alerts: [body] } : body;
  },
  z.strictObject({ alerts: Alerts }, 'must be an alert, a list of them, or { "alerts": [ … ] }'),
);
