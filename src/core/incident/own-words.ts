import type { Alert } from '../alert.ts';
import type { ChatOperation } from '../chat-operation.ts';

type Told = Extract<ChatOperation, { op: 'source.tell' }>['what'];

/** What an alert source is told, as it stands there among what people say. */
export function ownWords(what: Told, incident: string): string {
  return {
    acknowledge: `acknowledged in Slack, incident ${incident}`,
    close: `resolved in Slack, incident ${incident}`,
    escalate: `nobody has acknowledged incident ${incident} in Slack`,
  }[what];
}

const TOLD: readonly Told[] = ['acknowledge', 'close', 'escalate'];

/**
 * The incident about which Housecall itself said this: sources send what they are told back, and it is no
 * news. Null: somebody else said it.
 */
export function echoOf({ action, description }: Alert): string | null {
  if (action === 'firing') return null;
  const [id = ''] = /\d{8}-\d{1,9}/.exec(description) ?? [];
  return TOLD.some((what) => ownWords(what, id) === description.trim()) ? id : null;
}
