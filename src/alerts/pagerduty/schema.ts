import { z } from 'zod';
import { ADDRESS, LINE, MAX_ENTRIES, plainValue, TEXT, text } from '../fields.ts';

/** A reference to a user, service, incident …, or nothing. */
const Ref = z
  .object({
    id: text(200).default(''),
    summary: text(LINE).default(''),
    html_url: text(ADDRESS + 1).default(''),
  })
  .nullish()
  .catch(null);

const refs = z
  .array(Ref)
  .catch([])
  .transform((list) => list.slice(0, MAX_ENTRIES));

const Named = z
  .object({ name: text(LINE).default('') })
  .nullish()
  .catch(null);

const Field = z
  .object({ name: text(LINE).default(''), value: plainValue })
  .nullish()
  .catch(null);

const Role = z.object({ incident: Ref, assignee: Ref, role: Ref }).nullish().catch(null);

/**
 * `event.data` of every type in one: which fields there are depends on `data.type`, and types that are
 * not known yet must be read as well.
 */
const Data = z.object({
  id: text(200).default(''),
  type: text(LINE).default(''),
  html_url: text(ADDRESS + 1).default(''),
  title: text(LINE).default(''),
  summary: text(LINE).default(''),
  name: text(LINE).default(''),
  content: text(TEXT).default(''),
  message: text(TEXT).default(''),
  description: text(TEXT).default(''),
  state: text(LINE).default(''),
  status: text(LINE).default(''),
  urgency: text(LINE).default(''),
  created_at: text(LINE).default(''),
  /** Null: never reopened. Absent in older webhooks: nobody knows. */
  reopened_at: text(LINE).optional(),
  conference_url: text(ADDRESS + 1).default(''),
  conference_bridge: z
    .object({ conference_url: text(ADDRESS + 1).default('') })
    .nullish()
    .catch(null),
  resolve_reason: z.object({ incident: Ref }).nullish().catch(null),
  incident: Ref,
  service: Ref,
  priority: Ref,
  user: Ref,
  action: Ref,
  escalation_policy: Ref,
  incident_workflow: Ref,
  incident_type: Named,
  assignees: refs.default([]),
  changed_custom_fields: z
    .array(Field)
    .catch([])
    .default([])
    .transform((list) => list.slice(0, MAX_ENTRIES)),
  incident_role_assignments: z
    .array(Role)
    .catch([])
    .default([])
    .transform((list) => list.slice(0, MAX_ENTRIES)),
});
export type Data = z.output<typeof Data>;

/** Webhook v3 (PagerDuty/developer-docs, docs/webhooks/01-Overview). Only `event_type` is asked for. */
export const PagerDutyWebhook = z.object(
  {
    event: z.object(
      {
        id: text(200).default(''),
        event_type: z
          .string('must be a text such as "incident.triggered"')
          .trim()
          .min(1, 'must not be empty')
          .max(200, 'must have at most 200 characters'),
        occurred_at: text(LINE).default(''),
        agent: Ref,
        data: Data.catch(() => Data.parse({})),
      },
      'must be an object with "event_type" and "data"; older webhooks than v3 are not read',
    ),
  },
  'must be an object with "event"',
);
export type PagerDutyWebhook = z.output<typeof PagerDutyWebhook>;
