import { z } from 'zod';
import { matcherProblem } from '../core/alert-route.ts';
import { SEVERITIES } from '../core/incident/event.ts';
import { listOf, oneOrMore, slackIds, text, url, wholeNumber } from './fields.ts';

export const SeverityName = z.enum(SEVERITIES, { error: `one of ${SEVERITIES.join(', ')}` });

const SECRET = 'a secret of at least 8 characters without spaces';
const Token = z
  .strictObject(
    {
      token: oneOrMore(SECRET)
        .describe('Bearer token that the sender puts in `Authorization`; a list while rotating.')
        .optional(),
    },
    { error: 'a map { token: … }' },
  )
  .optional();
const Signed = z
  .strictObject(
    {
      secret: oneOrMore(SECRET)
        .describe('Secret that the sender signs with; a list while rotating.')
        .optional(),
    },
    { error: 'a map { secret: … }' },
  )
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
  },
  { error: 'a map such as { match: { alertname: NodeLowRootDisk }, diagnose: [disk] }' },
);

export const Alerts = z.strictObject(
  {
    groupWindowSeconds: wholeNumber(0, 86_400, 'seconds')
      .describe('Not used yet: alerts of one group meet in one incident for as long as it is open.')
      .default(300),
    followDepth: wholeNumber(0, 3, 'looks in a row')
      .describe(
        'After a routed diagnosis Housecall follows what it suggests (disk, then logs, then ports) this many times by itself; looks only. 0: a person presses the button.',
      )
      .default(3),
    sources: z
      .strictObject(
        {
          opsgenie: Token,
          alertmanager: Token,
          pagerduty: Signed,
          grafana: Signed,
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
