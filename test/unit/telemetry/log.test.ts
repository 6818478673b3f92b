import { describe, expect, it } from 'vitest';
import { createLog, type LogLevel } from '../../../src/adapters/telemetry/create-log.ts';
import { HousecallError } from '../../../src/core/errors.ts';

function lines(
  options: { level?: LogLevel; pretty?: boolean; redact?: (t: string) => string } = {},
) {
  const written: string[] = [];
  const log = createLog({
    level: 'info',
    ...options,
    destination: { write: (line: string) => written.push(line) },
  });
  return { log, written };
}

describe('the log', () => {
  it('writes one JSON document per line with time, level, message and fields', () => {
    const { log, written } = lines();
    log.warn({ host: 'host-17', level: 'mine' }, 'no answer');
    expect(written).toHaveLength(1);
    const line = JSON.parse(written[0] ?? '') as Record<string, unknown>;
    expect(line).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      fields: { host: 'host-17', level: 'mine' },
      message: 'no answer',
    });
  });

  it('hides secrets in messages, in fields at any depth, in errors and their causes', () => {
    const { log, written } = lines({ redact: (text) => text.replaceAll('hunter2', '###') });
    const cause = new Error('hunter2 in the cause');
    log.error(
      {
        error: new HousecallError('SSH_LOST', 'hunter2 in the error', {
          cause,
          context: { a: { b: ['hunter2'] } },
        }),
      },
      'hunter2 in the message',
    );
    expect(written.join('')).not.toContain('hunter2');
    expect(written.join('')).toContain('SSH_LOST');
  });

  it('knows usual secrets by itself, and blanks fields that are secret by name', () => {
    const { log, written } = lines();
    log.info(
      { url: 'redis://:hunter2@cache', headers: { a: 'hunter3' }, bot_token: 'hunter4' },
      'password=hunter5',
    );
    expect(written.join('')).not.toMatch(/hunter\d/);
  });

  it('survives values that JSON cannot hold', () => {
    const { log, written } = lines();
    const round: Record<string, unknown> = { big: 10n, fn: () => 1, bad: new Date(Number.NaN) };
    round['self'] = round;
    log.info({ round, map: new Map([['a', 1]]), set: new Set([2]) }, 'odd');
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ fields: { map: { a: 1 }, set: [2] } });
  });

  it('says nothing below its level', () => {
    const { log, written } = lines({ level: 'error' });
    log.info({}, 'a');
    log.warn({}, 'b');
    log.error({}, 'c');
    expect(written).toHaveLength(1);
  });

  it('is readable at a terminal, where a value cannot fake a line or a colour', () => {
    const { log, written } = lines({ pretty: true });
    log.info({ host: 'web-1', text: 'a\n12:00:00 error fake \u001b[31m' }, 'two\nlines');
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\d\d:\d\d:\d\d info {2}two\\u000alines host=web-1 text=".*"\n$/);
    expect(written[0]).not.toContain('\u001b');
  });
});
