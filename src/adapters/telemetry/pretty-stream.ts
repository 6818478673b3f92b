import type { DestinationStream } from 'pino';

/** Turns log lines into text for people. Values stay JSON: a line break in one cannot fake a line. */
export function prettyStream(sink: DestinationStream): DestinationStream {
  return { write: (line) => sink.write(`${prettyLine(line)}\n`) };
}

function prettyLine(line: string): string {
  const { time, level, message, fields } = JSON.parse(line) as {
    time: string;
    level: string;
    message: string;
    fields?: Record<string, unknown>;
  };
  const pairs = Object.entries(fields ?? {}).map(([key, value]) => `${key}=${shown(value)}`);
  return [time.slice(11, 19), level.padEnd(5), oneLine(message), ...pairs].join(' ');
}

function shown(value: unknown): string {
  if (typeof value === 'string' && /^[\w./:@#+-]+$/.test(value)) return value;
  return oneLine(JSON.stringify(value) ?? 'undefined');
}

/** C0, DEL and C1 as escapes: no colours, no cursor movement, no new line. */
function oneLine(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
