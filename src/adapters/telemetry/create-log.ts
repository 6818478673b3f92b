import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import { redact as builtIn } from '../../core/redaction/redact.ts';
import type { Log } from '../../ports/log.ts';
import { plainValue } from './plain-value.ts';
import { prettyStream } from './pretty-stream.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * Structured log, one JSON document per line on standard error (standard output belongs to
 * `--json`). Redaction is always on: messages and every text in the fields. Writes are synchronous, so
 * that the last words before a crash are not lost.
 */
export function createLog(options: {
  readonly level: LogLevel;
  /** For people at a terminal: `12:00:00 warn  message key=value`. */
  readonly pretty?: boolean;
  /** Knows the process's own secrets; without it only their usual shapes are hidden. */
  readonly redact?: (text: string) => string;
  readonly destination?: DestinationStream;
}): Log {
  const clean = options.redact ?? builtIn;
  const sink = options.destination ?? destination({ fd: 2, sync: true });
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.pretty === true ? prettyStream(sink) : sink,
  );
  const write =
    (level: 'info' | 'warn' | 'error'): Log['info'] =>
    (fields, message) => {
      if (!logger.isLevelEnabled(level)) return;
      // Under a key of their own, fields named `level` or `time` could not be told from the log's.
      logger[level]({ fields: plainValue(fields, clean) }, clean(message));
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
