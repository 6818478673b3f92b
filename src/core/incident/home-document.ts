import type { Block, Document, Inline } from '../document/document.ts';
import type { Actor } from '../person.ts';
import { actorInline } from '../run/run-document.ts';
import type { CaseState } from './case.ts';
import { INCIDENT_ROLES } from './event.ts';
import type { Incident } from './incident.ts';
import { incidentLine, isUnheard, openCount, type Reader, worstFirst } from './list-document.ts';
import { moment } from './moment.ts';

/** So many are shown: their messages need not be looked for beyond. */
export const MAX_APPROVALS = 10;
const MAX_INCIDENTS = 20;

/** A fix that waits for the approval of whoever looks. */
export interface WaitingApproval {
  /** `truncate-deleted-file on host-17`. */
  readonly what: string;
  readonly askedBy: Actor;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Where its message stands. */
  readonly channel: string | null;
  /** That message. */
  readonly link: string | null;
}

/** The App Home of somebody with a role: what waits for them, what is theirs, what else is open. */
export function homeDocument(
  seen: {
    readonly states: readonly CaseState[];
    readonly approvals: readonly WaitingApproval[];
    /** Since when and why all fixes are frozen; null: they are not. */
    readonly frozen: string | null;
  },
  reader: Reader,
): Document {
  const { approvals, frozen } = seen;
  const open = worstFirst(seen.states);
  const mine = open.filter(({ incident }) => incident !== null && isTheirs(incident, reader.user));
  const others = open.filter((state) => !mine.includes(state));
  const summary = headline(open, approvals.length);
  return {
    summary,
    blocks: [
      { kind: 'heading', text: summary },
      ...(frozen === null ? [] : [bold(`All fixes are frozen (${frozen})`)]),
      ...waiting(approvals, reader.now),
      ...incidents('Yours', mine, reader),
      ...incidents(mine.length === 0 ? 'Open incidents' : 'Other open incidents', others, reader),
      ...(open.length === 0 ? beginning() : []),
      {
        kind: 'context',
        content: [`As of ${moment(reader.now.toISOString(), reader.now.toISOString())}.`],
      },
    ],
  };
}

/** For somebody whom `access` does not name: what this is, and nothing of what happens. */
export function strangerHome(): Document {
  const summary = 'Housecall is for the people on call here';
  return {
    summary,
    blocks: [
      { kind: 'heading', text: summary },
      {
        kind: 'paragraph',
        content: [
          'It looks at hosts when an alert arrives, says what is wrong in the incident’s channel, and repairs it with the approval of two people. You are neither an operator nor an approver: whoever runs it can add you under ',
          { text: 'access', style: 'code' },
          ' in its configuration.',
        ],
      },
    ],
  };
}

function headline(open: readonly CaseState[], approvals: number): string {
  if (approvals === 0)
    return open.length === 0 ? 'Nothing is open, nothing waits' : openCount(open);
  const wait = approvals === 1 ? '1 approval waits' : `${approvals} approvals wait`;
  return `${wait} for you · ${openCount(open)}`;
}

function isTheirs({ roles, acknowledged }: Incident, user: string): boolean {
  const by = acknowledged?.by;
  return Object.values(roles).includes(user) || (by?.kind === 'person' && by.user === user);
}

function waiting(approvals: readonly WaitingApproval[], now: Date): Block[] {
  if (approvals.length === 0) return [];
  const rest = approvals.length - MAX_APPROVALS;
  const items = approvals
    .slice(0, MAX_APPROVALS)
    .map(({ what, askedBy, expiresAt, channel, link }): Inline[] => [
      link === null ? { text: what, style: 'bold' } : { link, text: what },
      ', asked for by ',
      actorInline(askedBy),
      ', until ',
      moment(expiresAt, now.toISOString()),
      ...(channel === null ? [] : [', in ', { channel }]),
    ]);
  return [
    bold('Waits for your approval'),
    { kind: 'list', items },
    ...(rest > 0 ? [{ kind: 'context', content: [`… and ${rest} more`] } as const] : []),
  ];
}

/** An incident that nobody is on has its button right below. */
function incidents(title: string, states: readonly CaseState[], reader: Reader): Block[] {
  if (states.length === 0) return [];
  const rest = states.length - MAX_INCIDENTS;
  return [
    { kind: 'divider' },
    bold(title),
    ...states.slice(0, MAX_INCIDENTS).flatMap((state): Block[] => {
      const { incident } = state;
      if (incident === null) return [];
      return [
        {
          kind: 'paragraph',
          content: [...incidentLine(state, reader), ...ownRoles(incident, reader.user)],
        },
        ...(isUnheard(incident) ? [acknowledge(incident.id)] : []),
      ];
    }),
    ...(rest > 0
      ? [{ kind: 'context', content: [`… and ${rest} more: /incident list`] } as const]
      : []),
  ];
}

function ownRoles({ roles }: Incident, user: string): Inline[] {
  const own = INCIDENT_ROLES.filter((role) => roles[role] === user);
  return own.length === 0 ? [] : [' · you are ', { text: own.join(' and '), style: 'bold' }];
}

function acknowledge(value: string): Block {
  return {
    kind: 'actions',
    actions: [{ action: 'incident.ack', label: 'Acknowledge', value, style: 'primary' }],
  };
}

function beginning(): Block[] {
  return [
    {
      kind: 'paragraph',
      content: [
        'When an alert arrives, Housecall opens a channel, looks at the hosts and says there what is wrong. Until then:',
      ],
    },
    {
      kind: 'list',
      items: [
        [
          code('/diag disk host-17'),
          '  looks at a host now; ',
          code('/diag list'),
          ' says what else it can look at',
        ],
        [code('/diag hosts'), '  the hosts it knows'],
        [code('/incident open shop is slow sev=SEV2'), '  opens a room without an alert'],
        [code('/incident help'), '  everything else'],
      ],
    },
  ];
}

function code(text: string): Inline {
  return { text, style: 'code' };
}

function bold(text: string): Block {
  return { kind: 'paragraph', content: [{ text, style: 'bold' }] };
}
