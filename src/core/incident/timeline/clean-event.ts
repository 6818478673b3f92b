import { sanitise, sanitiseLine } from '../../sanitise.ts';
import type { RoomEvent, SaidMessage } from '../room-event.ts';

/** Characters of a message that are kept: more than Slack shows of any. */
const TEXT = 40_000;
const NAME = 300;
const FILES = 50;

/** The event without secrets and within bounds; ids, times and addresses stay as they are. */
export function cleanEvent(event: RoomEvent, redact: (text: string) => string): RoomEvent {
  switch (event.kind) {
    case 'said':
      return { ...event, message: clean(event.message, redact) };
    case 'edited': {
      const { before, ...rest } = event;
      const message = clean(event.message, redact);
      return { ...rest, message, ...(before && { before: clean(before, redact) }) };
    }
    case 'deleted': {
      const { before, ...rest } = event;
      return { ...rest, ...(before && { before: clean(before, redact) }) };
    }
    default:
      return event;
  }
}

function clean(message: SaidMessage, redact: (text: string) => string): SaidMessage {
  return {
    ...message,
    authorName: sanitiseLine(redact(message.authorName)).slice(0, NAME),
    text: redact(sanitise(message.text)).slice(0, TEXT),
    files: message.files
      .slice(0, FILES)
      .map((file) => ({ ...file, name: sanitiseLine(redact(file.name)).slice(0, NAME) })),
  };
}
