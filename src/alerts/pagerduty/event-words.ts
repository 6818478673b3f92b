import { TEXT } from '../fields.ts';
import { firstText } from '../read-text.ts';
import type { Data } from './schema.ts';

/** What the room reads of an event that neither opens, acknowledges nor resolves. */
export const EVENT_WORDS: Readonly<Record<string, (data: Data) => string>> = {
  'incident.annotated': ({ content }) => content,
  'incident.conference_bridge.updated': ({ conference_url }) =>
    told('conference bridge', conference_url),
  'incident.custom_field_values.updated': (data) => told('fields changed', fields(data)),
  'incident.delegated': ({ escalation_policy }) =>
    told('delegated to', escalation_policy?.summary, ' '),
  'incident.escalated': ({ assignees }) => told('escalated to', people(assignees), ' '),
  'incident.incident_type.changed': ({ incident_type }) => told('type', incident_type?.name),
  'incident.priority_updated': ({ priority }) => told('priority', priority?.summary || 'none'),
  'incident.reassigned': ({ assignees }) => told('reassigned to', people(assignees), ' '),
  'incident.responder.added': (data) => told(`responder asked: ${who(data)}`, data.message),
  'incident.responder.replied': (data) =>
    told(`${who(data)} ${data.state || 'replied'}`, data.message),
  'incident.role.assigned': (data) => told('roles', roles(data)),
  'incident.service_updated': ({ service }) => told('moved to service', service?.summary, ' '),
  'incident.status_update_published': ({ message }) => told('status update', message),
  'incident.task.created': (data) => told('task created', task(data)),
  'incident.task.updated': (data) => told('task changed', task(data)),
  'incident.task.completed': (data) => told('task done', task(data)),
  'incident.action_invocation.created': (data) => told('action started', action(data)),
  'incident.action_invocation.updated': (data) => told('action', action(data)),
  'incident.action_invocation.terminated': (data) => told('action ended', action(data)),
  'incident.workflow.started': (data) => told('workflow started', workflow(data)),
  'incident.workflow.completed': (data) => told('workflow done', workflow(data)),
};

/** For event types that are not known yet. */
export function unknownEventWords(eventType: string, { summary, message }: Data): string {
  return told(`event "${eventType}"`, firstText(summary, message));
}

/** `what: detail`, or `what` alone when nothing more is known. */
function told(what: string, detail: string | undefined, join = ': '): string {
  const more = detail ?? '';
  return more === '' ? `${what}${join === ' ' ? ' somebody' : ''}` : `${what}${join}${more}`;
}

function people(refs: Data['assignees']): string {
  return refs
    .map((ref) => ref?.summary ?? '')
    .filter(Boolean)
    .join(', ');
}

function who({ user, escalation_policy }: Data): string {
  return firstText(user?.summary, escalation_policy?.summary) ?? 'somebody';
}

function fields({ changed_custom_fields }: Data): string {
  return changed_custom_fields
    .map((field) => `${field?.name ?? ''} = ${field?.value ?? 'nothing'}`)
    .join(', ')
    .slice(0, TEXT);
}

function roles({ incident_role_assignments }: Data): string {
  return incident_role_assignments
    .map((one) => `${one?.role?.summary || 'role'} ${one?.assignee?.summary || 'nobody'}`)
    .join(', ');
}

function task({ name, summary, status }: Data): string {
  return [firstText(name, summary) ?? '', status === '' ? '' : `(${status})`].join(' ').trim();
}

function action(data: Data): string {
  return [data.action?.summary ?? '', data.state === '' ? '' : `(${data.state})`].join(' ').trim();
}

function workflow({ incident_workflow, summary }: Data): string {
  return firstText(incident_workflow?.summary, summary) ?? '';
}
