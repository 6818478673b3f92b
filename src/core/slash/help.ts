import type { Document, Inline } from '../document/document.ts';
import { INCIDENT_USAGE } from './incident.ts';

const DIAG_LINES: readonly (readonly [usage: string, does: string])[] = [
  ['/diag <diagnostic> <targets> [key=value …]', 'looks at hosts and says what it means'],
  ['/diag list', 'the diagnostics there are'],
  ['/diag help <diagnostic>', 'what one tells, and its parameters'],
  ['/diag help <finding code>', 'what a finding means, and what to do'],
  ['/diag hosts [filter]', 'the hosts there are'],
];

const INCIDENT_DOES: Readonly<Record<keyof typeof INCIDENT_USAGE, string>> = {
  open: 'opens a war room without an alert; room=here makes this channel its room, private=yes a private one',
  ack: 'you are on it: paging stops',
  unack: 'you are not on it any more: paging begins anew',
  status: 'where things stand, for your eyes only',
  severity: 'changes how bad it is, SEV1 to SEV4',
  role: 'who is commander, communications, operations or scribe (@somebody, me, nobody)',
  hosts: 'changes which hosts it is about',
  update: 'tells the stakeholders, here, in the announcement channel and by e-mail',
  page: 'calls people or user groups now',
  timeline: 'what happened, in order, for your eyes only',
  merge: 'alerts of that incident go on in this one',
  mitigate: 'the harm is contained; the cause is not',
  resolve: 'it is over; the room stays open',
  reopen: 'it was not over',
  close: 'writes the archive, verifies it, then archives this channel',
  list: 'open incidents',
  freeze: 'stops all fixes at once, everywhere',
  unfreeze: 'lets fixes run again (approvers)',
};

export function diagHelp(): Document {
  return help('What /diag can do', [
    ...DIAG_LINES,
    [
      '/diag disk host-17',
      'an example; targets may be host-17,host-18 · web-[1-12] · @web · @web!web-3',
    ],
  ]);
}

export function incidentHelp(): Document {
  const names = Object.keys(INCIDENT_USAGE) as (keyof typeof INCIDENT_USAGE)[];
  return help(
    'What /incident can do',
    names.map((name) => [`/incident ${INCIDENT_USAGE[name]}`, INCIDENT_DOES[name]]),
  );
}

function help(title: string, lines: readonly (readonly [string, string])[]): Document {
  const items = lines.map(([usage, does]): Inline[] => [
    { text: usage, style: 'code' },
    `  ${does}`,
  ]);
  return {
    summary: title,
    blocks: [
      { kind: 'heading', text: title },
      { kind: 'list', items },
      {
        kind: 'context',
        content: ['In an incident’s channel, hosts and incident need not be named.'],
      },
    ],
  };
}
