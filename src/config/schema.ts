import { z } from 'zod';
import { SEVERITIES, type Severity } from '../core/incident/event.ts';
import { Alerts, Approvals, SeverityName } from './alert-schema.ts';
import {
  flag,
  listOf,
  localPath,
  matching,
  redactionPattern,
  slackIds,
  text,
  url,
  wholeNumber,
} from './fields.ts';
import { Hosts, Ssh } from './host-schema.ts';
import { isTimeZone, QuietHoursText } from './quiet-hours.ts';

const MAP = { error: 'a map of settings' };

const Slack = z.strictObject(
  {
    botToken: matching(/^xoxb-\S+$/, 'a bot token (xoxb-…)')
      .describe('Bot token of the app.')
      .optional(),
    appToken: matching(/^xapp-\S+$/, 'an app-level token (xapp-…)')
      .describe('Present: Socket Mode, no public address needed.')
      .optional(),
    signingSecret: text()
      .describe('Without `appToken`: verifies what Slack sends to `/slack/events`.')
      .optional(),
    apiUrl: url(['http', 'https'], 'http://127.0.0.1:4000/api/')
      .describe('Another Slack Web API, such as the local workspace.')
      .optional(),
    announceChannel: matching(/^#?[a-z0-9_-]{1,80}$|^[CG][A-Z0-9]{5,}$/, 'a channel name or id')
      .describe('Channel where every incident is announced.')
      .default('incidents'),
    channelPrefix: matching(/^[a-z0-9][a-z0-9_-]{0,19}$/, 'up to 20 of a-z, 0-9, "_", "-"')
      .describe('First part of the name of an incident channel.')
      .default('inc'),
  },
  MAP,
);

const Escalation = z.strictObject(
  {
    ackMinutes: wholeNumber(1, 1440, 'minutes')
      .describe('The first step is paged when nobody acknowledged for so long.')
      .default(5),
    steps: listOf(
      z.strictObject(
        {
          page: slackIds().min(1, { error: 'at least one user or group id' }).describe('Who.'),
          afterMinutes: wholeNumber(1, 1440, 'minutes')
            .describe('How long after the step before.')
            .optional(),
        },
        { error: 'a map such as { page: [U0123] }' },
      ),
      'steps',
    )
      .describe('Paged one after the other until somebody acknowledges.')
      .default([]),
    repeat: wholeNumber(0, 100).describe('How often the steps are gone through again.').default(3),
    immediate: listOf(SeverityName, 'severities')
      .describe('Severities that page everybody at once, quiet hours or not.')
      .default(['SEV1']),
    quietHours: QuietHoursText.describe('When only `immediate` severities page.').optional(),
    acknowledgedMinutes: wholeNumber(0, 10_080, 'minutes')
      .describe(
        'Whoever acknowledged and has been silent for so long is reminded; without an answer for half as long again the acknowledgement is void and paging begins anew. 0: never.',
      )
      .default(60),
  },
  MAP,
);

const Incidents = z.strictObject(
  {
    invite: z
      .strictObject(
        Object.fromEntries(
          SEVERITIES.map((severity) => [severity, slackIds().optional()]),
        ) as Record<Severity, z.ZodOptional<ReturnType<typeof slackIds>>>,
        { error: 'a map such as { SEV1: [S0456] }' },
      )
      .describe('Who is invited by severity, besides those of the route; also when it is raised.')
      .prefault({}),
    updateMinutes: wholeNumber(0, 10_080, 'minutes')
      .describe(
        'The commander, or the room, is reminded of the next stakeholder update so long after the last one, unless that promised a time. 0: never.',
      )
      .default(0),
    idleHours: wholeNumber(0, 8760, 'hours')
      .describe(
        'After so long without a word or an event the room is asked whether to close; after as long again without an answer a resolved incident is closed. 0: never.',
      )
      .default(24),
    timeZone: z
      .string({ error: 'an IANA time zone, such as Europe/Paris' })
      .refine(isTimeZone, { error: 'an IANA time zone, such as Europe/Paris' })
      .describe('For the times in transcripts and e-mails.')
      .default('UTC'),
    canvas: flag()
      .describe(
        'Whether the canvas of a room is kept as a handover page. Wants a Slack plan with canvases, and the scopes canvases:write and canvases:read.',
      )
      .default(false),
  },
  MAP,
);

const Email = z.strictObject(
  {
    smtpUrl: url(['smtp', 'smtps'], 'smtps://user:password@mail.example.org')
      .describe('Mail server.')
      .optional(),
    from: matching(/^[^\s@<>]+@[^\s@<>]+$/, 'an e-mail address')
      .describe('Sender.')
      .optional(),
    stakeholders: listOf(matching(/^[^\s@<>]+@[^\s@<>]+$/, 'an e-mail address'), 'e-mail addresses')
      .describe('Who gets stakeholder updates.')
      .default([]),
  },
  MAP,
);

const Archive = z.strictObject(
  {
    directory: localPath().describe('Where archives are written.').default('./archive'),
    s3: z
      .strictObject(
        {
          bucket: matching(/^[a-z0-9][a-z0-9.-]{1,62}$/, 'the name of a bucket'),
          prefix: z.string({ error: 'a text' }).describe('Put before every key.').default(''),
          region: text('a region, such as eu-west-1')
            .describe('Default: what the environment says, else us-east-1.')
            .optional(),
          endpoint: url(['http', 'https'], 'https://minio.example.org:9000')
            .describe('Another S3 than Amazon’s; addressed by path.')
            .optional(),
        },
        { error: 'a map { bucket: …, prefix: … }' },
      )
      .describe('A second copy in S3; credentials come from the environment.')
      .optional(),
  },
  MAP,
);

/** The whole of `housecall.yaml`. Public: keys and defaults stay as written. */
export const ConfigSchema = z.strictObject(
  {
    slack: Slack.optional(),
    redis: z
      .strictObject(
        {
          url: matching(
            /^(rediss?:\/\/[^\s]+|\/[^\s]+)$/,
            'an address such as redis://127.0.0.1:6379, or the path of a socket',
          )
            .describe('Redis that web and worker share.')
            .optional(),
        },
        MAP,
      )
      .prefault({}),
    http: z
      .strictObject(
        {
          host: text('a host name or address to listen on')
            .describe('Address that the web role listens on.')
            .default('127.0.0.1'),
          port: wholeNumber(0, 65_535).describe('Port; 0 takes any free one.').default(3000),
          publicUrl: url(['http', 'https'], 'https://housecall.example.org')
            .describe(
              'Where people reach the web role in a browser: findings in Slack link to their page there. Without it `/diag help <finding code>` shows the page.',
            )
            .optional(),
        },
        MAP,
      )
      .prefault({}),
    ssh: Ssh.prefault({}),
    hosts: Hosts.describe('Hosts by name; a name may be a node set such as `web-[1-40]`.'),
    alerts: Alerts.prefault({}),
    access: z
      .strictObject(
        {
          operators: slackIds().describe('Who may run diagnostics and request fixes.').default([]),
          approvers: slackIds().describe('Who may approve fixes.').default([]),
        },
        MAP,
      )
      .describe('User and user-group ids; empty means nobody.')
      .prefault({}),
    approvals: Approvals.prefault({}),
    security: z
      .strictObject(
        {
          approvalKeyFile: localPath()
            .describe('Key that approvals are signed with; it belongs to the web role alone.')
            .default('./approval.key'),
        },
        MAP,
      )
      .prefault({}),
    fixes: z
      .strictObject(
        {
          saveDirectory: matching(
            /^\/(?!.*(^|\/)\.\.(\/|$))[A-Za-z0-9._/-]+$/,
            'an absolute path of letters, digits, ".", "_", "-", "/", without ".."',
          )
            .describe('Directory on the host for what a fix saves first.')
            .default('/var/tmp/housecall'),
        },
        MAP,
      )
      .prefault({}),
    escalation: Escalation.prefault({}),
    incidents: Incidents.prefault({}),
    email: Email.optional(),
    archive: Archive.prefault({}),
    retentionDays: wholeNumber(1, 3650, 'days')
      .describe('How long records are kept in Redis after an incident is closed.')
      .default(90),
    redaction: z
      .strictObject(
        {
          patterns: listOf(redactionPattern(), 'regular expressions')
            .describe('What else is removed from output before it is shown or stored.')
            .default([]),
        },
        MAP,
      )
      .prefault({}),
  },
  { error: 'a map of settings; see housecall.example.yaml' },
);

export type Settings = z.output<typeof ConfigSchema>;
