import type { Form, FormInput, Inline } from '../document/document.ts';
import { INCIDENT_ROLES, SEVERITIES, type Severity } from './event.ts';
import type { Incident } from './incident.ts';
import { moment } from './moment.ts';

/** Ids of the inputs: what a submission carries. */
export const INPUTS = {
  severity: 'severity',
  role: 'role',
  user: 'user',
  text: 'text',
  eta: 'eta',
} as const;

const HOW_BAD: Readonly<Record<Severity, string>> = {
  SEV1: 'SEV1 · it is down for everybody',
  SEV2: 'SEV2 · a part is down, or all of it soon',
  SEV3: 'SEV3 · it hurts, with a way around',
  SEV4: 'SEV4 · nobody notices yet',
};

/** The dialogs behind the buttons of the panel; each comes back with the incident's id alone. */
export function severityForm(incident: Incident): Form {
  return form(incident, {
    id: 'incident.severity',
    title: 'Severity',
    submit: 'Change',
    said: [`It is ${incident.severity} now. A higher one may invite and page more people at once.`],
    inputs: [
      {
        id: INPUTS.severity,
        label: 'How bad is it?',
        options: SEVERITIES.map((value) => ({ value, label: HOW_BAD[value] })),
        initial: incident.severity,
      },
    ],
  });
}

/** `user`: who asks; most people name themselves. */
export function roleForm(incident: Incident, user: string): Form {
  const { roles } = incident;
  const free = INCIDENT_ROLES.find((role) => roles[role] === undefined) ?? 'commander';
  return form(incident, {
    id: 'incident.role',
    title: 'Roles',
    submit: 'Assign',
    said: INCIDENT_ROLES.flatMap((role, n): Inline[] => {
      const holder = roles[role];
      const comma = n === 0 ? '' : ' · ';
      return [
        `${comma}${role}: `,
        holder === undefined ? { text: 'nobody', style: 'italic' } : { user: holder },
      ];
    }),
    inputs: [
      {
        id: INPUTS.role,
        label: 'Role',
        options: INCIDENT_ROLES.map((value) => ({ value, label: value })),
        initial: free,
      },
      {
        id: INPUTS.user,
        label: 'Who',
        hint: 'To leave a role empty: /incident role commander nobody',
        person: true,
        initial: user,
      },
    ],
  });
}

export function updateForm(incident: Incident): Form {
  const last = incident.updates.at(-1);
  return form(incident, {
    id: 'incident.update',
    title: 'Stakeholder update',
    submit: 'Send',
    said: [
      incident.private
        ? 'This incident is private: goes to the room alone.'
        : 'Goes to the room, the announcement channel and, by e-mail, to the stakeholders.',
      ...(last === undefined
        ? []
        : [` The last one, at ${moment(last.at, incident.openedAt)}: “${clipped(last.text)}”`]),
    ],
    inputs: [
      {
        id: INPUTS.text,
        label: 'What do they need to know?',
        hint: 'What is broken for whom, and what is being done about it.',
        multiline: true,
      },
      {
        id: INPUTS.eta,
        label: 'Next update in',
        hint: '30m, 2h … You are reminded then. Empty: no promise.',
        optional: true,
      },
    ],
  });
}

function form(
  incident: Incident,
  {
    said,
    ...rest
  }: Pick<Form, 'id' | 'title' | 'submit'> & {
    readonly said: readonly Inline[];
    readonly inputs: readonly FormInput[];
  },
): Form {
  return {
    ...rest,
    blocks: [
      {
        kind: 'paragraph',
        content: [{ text: `${incident.id} ${clipped(incident.title)}`, style: 'bold' }],
      },
      { kind: 'paragraph', content: said },
    ],
    metadata: incident.id,
  };
}

/** A dialog is small. */
function clipped(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}
