import { z } from 'zod';
import { matcherProblem } from '../core/alert-route.ts';
import { SEVERITIES } from '../core/incident/event.ts';
import { listOf, matching, oneOrMore, slackIds, text, url, wholeNumber } from './fields.ts';
import { QuietHoursText } from './quiet-hours.ts';

export const SeverityName = z.enum(SEVERITIES, { error: `one of ${SEVERITIES.join(', ')}` });

const SECRET = 'a secret of at least 8 characters without spaces';
const token = {
  token: oneOrMore(SECRET)
    .describe('Bearer token that the sender puts in `Authorization`; a list while rotating.')
    .optional(),
};
const secret = {
  secret: oneOrMore(SECRET)
    .describe('Secret that the sender signs with; a list while rotating.')
    .optional(),
};
const apiUrl = (example: string) =>
  url(['http', 'https'], example).describe('Address of its API, when it is not the usual one.');
const apiKey = (what: string) => text('an API key').describe(what).optional();

const Token = z.strictObject(token, { error: 'a map { token: … }' }).optional();
const Opsgenie = z
  .strictObject(
    {
      ...token,
      apiKey: apiKey(
        'With it open alerts are asked for, so that a close that was lost is found, and an acknowledgement in Slack is passed on.',
      ),
      apiUrl: apiUrl('https://api.eu.opsgenie.com').default('https://api.opsgenie.com'),
      escalation: text('the name of an escalation')
        .describe(
          'Escalation there that is called when nobody here acknowledges; needs the apiKey.',
        )
        .optional(),
    },
    { error: 'a map { token: … }' },
  )
  .optional();
const PagerDuty = z
  .strictObject(
    {
      ...secret,
      apiKey: apiKey('With it the details of an alert are fetched: its webhook names no host.'),
      apiUrl: apiUrl('https://api.eu.pagerduty.com').default('https://api.pagerduty.com'),
      from: text('an e-mail address')
        .describe('Whose name PagerDuty shows for what Housecall passes on; its API asks for one.')
        .optional(),
      services: listOf(matching(/^[A-Z0-9]{4,30}$/, 'the id of a service, such as PIJ90N7'), 'ids')
        .describe(
          'Services whose open incidents are taken in when their webhook never came. Without: only what became of known ones is looked for.',
        )
        .default([]),
      escalationPolicy: matching(/^[A-Z0-9]{4,30}$/, 'the id of an escalation policy')
        .describe('Policy that an incident goes to when nobody here acknowledges.')
        .optional(),
    },
    { error: 'a map { secret: … }' },
  )
  .optional();
const Grafana = z
  .strictObject(
    {
      ...secret,
      apiKey: apiKey('Service account token; with it firing alerts are asked for.'),
      apiUrl: apiUrl('https://grafana.example.org').optional(),
      receiver: text('the name of a contact point')
        .describe(
          'Contact point that sends here: its firing alerts are taken in when their webhook never came. Without: only what became of known ones is looked for.',
        )
        .optional(),
    },
    { error: 'a map { secret: … }' },
  )
  .refine((grafana) => grafana.apiKey === undefined || grafana.apiUrl !== undefined, {
    path: ['apiUrl'],
    error: 'the address of Grafana, because apiKey is set',
  })
  .optional();

const MATCHER = 'a label value, a /regular expression/, or a list of those';
const Matcher = z
  .union([z.string(), z.number(), z.boolean()], { error: MATCHER })
  .transform(String)
  .superRefine((value, issues) => {
    const problem = matcherProblem(value);
    if (problem !== null) issues.addIssue({ code: 'custom', message: `${MATCHER} (${problem})` });
  });

const Route = z.strictObject(
  {
    match: z
      .record(z.string(), z.union([Matcher, z.array(Matcher)], { error: MATCHER }), {
        error: 'a map of labels, such as { alertname: NodeLowRootDisk }',
      })
      .describe('Labels that must be equal; `/…/` is a regular expression, a list means any of.'),
    severity: SeverityName.describe('Severity of the incident.').default('SEV2'),
    diagnose: listOf(text('a diagnostic, such as disk'), 'diagnostics')
      .describe('Diagnostics that run at once on the host of the alert.')
      .default([]),
    invite: slackIds().describe('Who is invited to the room.').default([]),
    groupBy: listOf(text('a label name'), 'label names')
      .describe('Labels that make one incident; an alert without one of them is grouped alone.')
      .default(['alertname']),
    runbook: url(['http', 'https'], 'https://wiki.example.org/disk')
      .describe('Link set in the room.')
      .optional(),
    private: z
      .boolean({ error: 'true or false' })
      .describe('Whether the room is for the invited alone.')
      .default(false),
    quietHours: QuietHoursText.describe(
      'Instead of those under `escalation`, for incidents of this route.',
    ).optional(),
  },
  { error: 'a map such as { match: { alertname: NodeLowRootDisk }, diagnose: [disk] }' },
);

export const Alerts = z.strictObject(
  {
    groupWindowSeconds: wholeNumber(0, 86_400, 'seconds')
      .describe(
        'Alerts of one group meet in one incident for as long as it is open. Within this time after it was closed, the next one opens a room that continues it.',
      )
      .default(300),
    followDepth: wholeNumber(0, 3, 'looks in a row')
      .describe(
        'After a routed diagnosis Housecall follows what it suggests (disk, then logs, then ports) this many times by itself; looks only. 0: a person presses the button.',
      )
      .default(3),
    stormPerMinute: wholeNumber(1, 1000, 'incidents')
      .describe('When alerts would open more incidents a minute, the others meet in one room.')
      .default(10),
    flappingChanges: wholeNumber(3, 20, 'changes')
      .describe('An alert that changes so often within an hour is told as flapping, once.')
      .default(6),
    reconcileSeconds: wholeNumber(30, 86_400, 'seconds')
      .describe('How often sources with an apiKey are asked for their open alerts.')
      .default(300),
    sources: z
      .strictObject(
        {
          opsgenie: Opsgenie,
          alertmanager: Token,
          pagerduty: PagerDuty,
          grafana: Grafana,
          generic: Token,
        },
        { error: 'a map of sources' },
      )
      .describe('A source without a secret is not mounted: its address answers 404.')
      .prefault({}),
    routes: listOf(Route, 'routes').describe('The first that matches counts.').default([]),
  },
  { error: 'a map of settings' },
);

export const Approvals = z.strictObject(
  {
    required: wholeNumber(1, 10, 'people').describe('How many must approve.').default(1),
    expiresMinutes: wholeNumber(1, 1440, 'minutes')
      .describe('An approval message is void after this time.')
      .default(15),
    selfApproval: z
      .boolean({ error: 'true or false' })
      .describe('Whether the requester may approve; every use says so in the room.')
      .default(false),
    rules: listOf(
      z.strictObject(
        {
          fix: text('a fix, such as quarantine-image').describe('For this fix only.').optional(),
          groups: listOf(text('a group'), 'groups')
            .describe('For hosts in one of these groups only.')
            .optional(),
          required: wholeNumber(1, 10, 'people').describe('How many must approve.').optional(),
          selfApproval: z
            .boolean({ error: 'true or false' })
            .describe('Whether the requester may approve.')
            .optional(),
        },
        { error: 'a map such as { fix: quarantine-image, required: 2 }' },
      ),
      'rules',
    )
      .describe('Exceptions; when several apply, the strictest counts.')
      .default([]),
  },
  { error: 'a map of settings' },
);
