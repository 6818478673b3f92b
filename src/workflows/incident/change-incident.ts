import type { ChatRow } from '../../core/chat-operation.ts';
import { codeInlines } from '../../core/document/code-inlines.ts';
import type { Block } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { heardRows } from '../../core/escalation/heard-rows.ts';
import type { Reach } from '../../core/escalation/page-rows.ts';
import { type CaseState, foldEvents, type Incident } from '../../core/incident/case.ts';
import { changeEvents, changeWords, type IncidentChange } from '../../core/incident/change.ts';
import { ownWords } from '../../core/incident/own-words.ts';
import { roomTopic } from '../../core/incident/panel-document.ts';
import type { Person } from '../../core/person.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { sourceRows } from '../alert/source-rows.ts';
import { type TransactDeps, transact } from '../record/transact.ts';
import { panelRows } from '../run/finish-run.ts';
import { checkAgainParts } from './check-again.ts';
import { type InviteBySeverity, inviteRows } from './invite-rows.ts';
import { observeAck } from './observe-ack.ts';
import { announcementRow } from './open-incident.ts';

export interface ChangeIncidentDeps extends TransactDeps {
  readonly announceChannel: string;
  readonly inviteBySeverity: InviteBySeverity;
  /** Alert sources that can be told. */
  readonly tellable: ReadonlySet<string>;
  readonly reach: Reach;
  readonly metrics?: Pick<Metrics, 'observe'>;
}

/**
 * Changes an incident: the panel is edited in place, the topic follows, the channel is told in a line.
 * Doing what is done already changes nothing and says so.
 * @throws HousecallError NOT_FOUND, STATE_CONFLICT.
 */
export async function changeIncident(
  deps: ChangeIncidentDeps,
  input: {
    readonly stream: string;
    readonly person: Person;
    readonly change: IncidentChange;
  },
): Promise<CaseState> {
  const actor = { kind: 'person', ...input.person } as const;
  let before: CaseState | null = null;
  const changed = await transact(deps, { stream: input.stream, actor }, (state) => {
    before = state;
    const incident = requireOpen(state);
    const events = changeEvents(incident, input.change);
    const at = deps.clock.now().toISOString();
    const checks =
      input.change.change === 'resolve'
        ? checkAgainParts(deps, state)
        : { events: [], chat: [], jobs: [] };
    const all = [...events, ...checks.events];
    const after = foldEvents(state, all, { at, actor });
    return {
      events: all,
      chat: [...rows(deps, state, after, input), ...checks.chat],
      jobs: checks.jobs,
    };
  });
  observeAck(deps.metrics, before, changed);
  return changed;
}

function requireOpen(state: CaseState): Incident {
  const { incident } = state;
  if (incident === null) {
    throw new HousecallError('NOT_FOUND', `incident ${state.stream}: there is none`);
  }
  if (incident.state === 'closed' || incident.closing) {
    throw new HousecallError(
      'STATE_CONFLICT',
      `incident ${incident.id} is ${incident.closing ? 'being closed' : 'closed'}`,
    );
  }
  if (incident.mergedInto !== null) {
    throw new HousecallError(
      'STATE_CONFLICT',
      `incident ${incident.id} goes on in ${incident.mergedInto}: say it there`,
    );
  }
  return incident;
}

/** What comes next is said where it is needed. */
const NEXT = 'When all is said: `/incident close` writes the archive and closes this room.';

/** Whoever is named sees it. */
function more(change: IncidentChange): Block[] {
  if (change.change === 'resolve') return [{ kind: 'context', content: codeInlines(NEXT) }];
  if (change.change !== 'role' || change.user === null) return [];
  return [{ kind: 'paragraph', content: ['→ ', { user: change.user }] }];
}

/** What people decide here counts where the alert came from, too. */
function toldSources(
  { tellable }: ChangeIncidentDeps,
  before: CaseState,
  { change }: { readonly change: IncidentChange },
): ChatRow[] {
  const what = { ack: 'acknowledge', resolve: 'close' } as const;
  if (change.change !== 'ack' && change.change !== 'resolve') return [];
  const said = what[change.change];
  return sourceRows(before, tellable, { what: said, note: ownWords(said, before.stream) });
}

/** Whoever takes a private incident from outside cannot join its room by themselves. */
function namedRows(
  { id, private: isPrivate }: Incident,
  { person, change }: { readonly person: Person; readonly change: IncidentChange },
): ChatRow[] {
  const named =
    change.change === 'role' ? change.user : change.change === 'ack' ? person.user : null;
  if (!isPrivate || named === null) return [];
  return [{ lane: `room:${id}`, operation: { op: 'room.invite', people: [named] } }];
}

function rows(
  deps: ChangeIncidentDeps,
  before: CaseState,
  after: CaseState,
  input: { readonly person: Person; readonly change: IncidentChange },
): ChatRow[] {
  const { incident } = after;
  if (incident === null) return [];
  const lane = `room:${incident.id}` as const;
  const topicChanged =
    before.incident === null || roomTopic(before.incident) !== roomTopic(incident);
  const resolved = input.change.change === 'resolve';
  return [
    ...panelRows(after),
    ...inviteRows(before.incident, incident, deps.inviteBySeverity),
    ...namedRows(incident, input),
    ...toldSources(deps, before, input),
    ...heardRows(before, after, deps.reach),
    ...(topicChanged
      ? [{ lane, operation: { op: 'room.topic', topic: roomTopic(incident) } } as const]
      : []),
    {
      lane,
      operation: {
        op: 'message.post',
        key: `change:${after.seq}`,
        document: {
          summary: changeWords(before.incident ?? incident, input.change),
          by: { user: input.person.user },
          blocks: more(input.change),
        },
      },
    },
    ...(resolved ? [announcementRow(deps.announceChannel, after, 'resolved')] : []),
  ];
}
