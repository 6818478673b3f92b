import type { Caller, Desk, IncidentForm } from '../../adapters/slack/desk.ts';
import type { Form } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import type { IncidentChange } from '../../core/incident/change.ts';
import { INCIDENT_ROLES, SEVERITIES } from '../../core/incident/event.ts';
import { INPUTS, roleForm, severityForm, updateForm } from '../../core/incident/forms.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { parseEta } from '../../core/slash/parse-incident.ts';
import { changeIncident } from '../../workflows/incident/change-incident.ts';
import { postUpdate } from '../../workflows/incident/post-update.ts';
import type { DeskParts } from './parts.ts';
import { incidentOf } from './place.ts';
import { requireRole } from './roles.ts';

/** The dialogs behind the buttons of the panel. Who may is asked when one opens, and again when it is sent. */
export function formDesk(parts: DeskParts): Pick<Desk, 'form' | 'submit'> {
  const allowed = async ({ person }: Pick<Caller, 'person'>, which: IncidentForm): Promise<void> =>
    requireRole(await parts.roles(), person, ['operator', 'approver'], which);

  const incident = async (named: string | null, channel: string): Promise<Incident> => {
    const { incident: found } = await incidentOf(parts.journal, named, channel);
    if (found === null) throw new HousecallError('NOT_FOUND', 'there is no such incident');
    if (found.state !== 'closed') return found;
    throw new HousecallError('STATE_CONFLICT', `incident ${found.id} is closed`);
  };

  return {
    async form(which, value, caller) {
      await allowed(caller, which);
      return formOf(which, await incident(value, caller.channel), caller);
    },
    async submit(which, { metadata, inputs }, by) {
      await allowed(by, which);
      const { id, severity, roles } = await incident(metadata, '');
      const given = (input: string): string => inputs[input]?.trim() ?? '';
      const target = { stream: id, person: by.person };
      switch (which) {
        case 'incident.severity': {
          const change = severityChange(given(INPUTS.severity), severity);
          await changeIncident(parts, { ...target, change });
          return null;
        }
        case 'incident.role': {
          const change = roleChange(given(INPUTS.role), given(INPUTS.user), roles);
          await changeIncident(parts, { ...target, change });
          return null;
        }
        case 'incident.update': {
          const text = given(INPUTS.text);
          if (text === '') throw wrong(INPUTS.text, 'Say in a sentence where things stand');
          const etaMinutes = etaOf(given(INPUTS.eta));
          await postUpdate(parts, { ...target, text, etaMinutes });
          return null;
        }
      }
    },
  };
}

function formOf(which: IncidentForm, incident: Incident, { person }: Caller): Form {
  switch (which) {
    case 'incident.severity':
      return severityForm(incident);
    case 'incident.role':
      return roleForm(incident, person.user);
    case 'incident.update':
      return updateForm(incident);
  }
}

function severityChange(text: string, now: string): IncidentChange {
  const severity = SEVERITIES.find((one) => one === text);
  if (severity === undefined)
    throw wrong(INPUTS.severity, `Choose one of ${SEVERITIES.join(', ')}`);
  if (severity === now) throw wrong(INPUTS.severity, `It is ${now} already`);
  return { change: 'severity', severity };
}

function roleChange(text: string, user: string, now: Incident['roles']): IncidentChange {
  const role = INCIDENT_ROLES.find((one) => one === text);
  if (role === undefined) throw wrong(INPUTS.role, `Choose one of ${INCIDENT_ROLES.join(', ')}`);
  if (!/^[UW][A-Z0-9]+$/.test(user)) throw wrong(INPUTS.user, 'Choose somebody');
  if (now[role] === user) throw wrong(INPUTS.user, `They are ${role} already`);
  return { change: 'role', role, user };
}

function etaOf(text: string): number | null {
  if (text === '') return null;
  try {
    return parseEta(text);
  } catch (error) {
    if (!(error instanceof HousecallError) || error.code !== 'USAGE') throw error;
    // The parser speaks of the command; here it is one field.
    throw wrong(INPUTS.eta, `"${text}" is no time up to a day, such as 30m or 2h`);
  }
}

/** Shown at this input. */
function wrong(input: string, message: string): HousecallError {
  return new HousecallError('PARAMS_INVALID', message, { context: { input } });
}
