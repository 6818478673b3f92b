/** Whose move it is: the caller's, nobody's (wait and retry), or ours. */
export type ErrorKind = 'user' | 'operational' | 'bug';

interface ErrorSpec {
  readonly kind: ErrorKind;
  readonly retryable: boolean;
  readonly hint: string;
}

/** Every error Housecall raises on purpose. The error reference in `docs/reference` is generated from it. */
export const ERRORS = {
  USAGE: {
    kind: 'user',
    retryable: false,
    hint: '`/diag help` and `/incident help` say how they are used.',
  },
  PARAMS_INVALID: {
    kind: 'user',
    retryable: false,
    hint: 'Correct the named parameter; `/diag help <diagnostic>` lists what is allowed.',
  },
  TARGET_UNKNOWN: {
    kind: 'user',
    retryable: false,
    hint: 'Use a name from `/diag hosts`; hosts come from housecall.yaml only.',
  },
  CONFIG_INVALID: {
    kind: 'user',
    retryable: false,
    hint: 'Correct the named key in housecall.yaml and start again.',
  },
  NOT_ALLOWED: {
    kind: 'user',
    retryable: false,
    hint: 'Roles are given under `access` in housecall.yaml, by whoever runs Housecall.',
  },
  NOT_FOUND: {
    kind: 'user',
    retryable: false,
    hint: '`/incident list` shows what is open; what is old is in the archive only.',
  },
  STATE_CONFLICT: {
    kind: 'user',
    retryable: false,
    hint: '`/incident status` shows where things stand.',
  },
  APPROVAL_REFUSED: {
    kind: 'user',
    retryable: false,
    hint: 'Your click changed nothing. When it has expired, press Review fix again.',
  },
  PLAN_STALE: {
    kind: 'user',
    retryable: false,
    hint: 'The host changed since the approval. Nothing was run. Review the fix again.',
  },
  OUTPUT_UNREADABLE: {
    kind: 'bug',
    retryable: false,
    hint: 'Run `npm run record` on the host and attach the fixture to a bug report.',
  },
  SSH_UNREACHABLE: {
    kind: 'operational',
    retryable: true,
    hint: 'The stage says how far the connection came; see docs/reference for each.',
  },
  SSH_LOST: {
    kind: 'operational',
    retryable: true,
    hint: 'The connection broke while a command ran; its outcome is unknown.',
  },
  SSH_TIMEOUT: {
    kind: 'operational',
    retryable: false,
    hint: 'The command hit its time limit and was killed on the host.',
  },
  STORE_UNAVAILABLE: {
    kind: 'operational',
    retryable: true,
    hint: 'Redis does not answer. Nothing was stored; try again when `housecall check` is good.',
  },
  CHAT_RATE_LIMITED: {
    kind: 'operational',
    retryable: true,
    hint: 'Slack asked to wait; the message is sent when the time is over.',
  },
  CHAT_UNAVAILABLE: {
    kind: 'operational',
    retryable: true,
    hint: 'Slack did not answer; whether it acted is looked up before trying again.',
  },
  CHAT_REFUSED: {
    kind: 'operational',
    retryable: false,
    hint: 'Slack refused; the message names the method and its error code.',
  },
  MAIL_UNAVAILABLE: {
    kind: 'operational',
    retryable: true,
    hint: 'The mail server did not answer; the mail is tried again. `housecall check` says whether it takes our login.',
  },
  MAIL_REFUSED: {
    kind: 'operational',
    retryable: false,
    hint: 'The mail server refused; see `email` in housecall.yaml.',
  },
  SOURCE_UNAVAILABLE: {
    kind: 'operational',
    retryable: true,
    hint: 'The alert source did not answer; it is asked again.',
  },
  SOURCE_REFUSED: {
    kind: 'operational',
    retryable: false,
    hint: 'The alert source refused; see its apiKey and apiUrl under `alerts.sources`.',
  },
  DELIVERY_INVALID: {
    kind: 'user',
    retryable: false,
    hint: 'The webhook body is not what this source sends; see docs/guides/alerts.md.',
  },
  ARCHIVE_INVALID: {
    kind: 'operational',
    retryable: false,
    hint: 'The archive does not verify; the channel is kept open and nothing is deleted.',
  },
  CANCELLED: { kind: 'user', retryable: false, hint: 'The run was cancelled.' },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * The one error class. `message` says what was attempted, on what, and what happened, with values;
 * `context` carries the same as data (never secrets).
 */
export class HousecallError extends Error {
  override readonly name = 'HousecallError';
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; context?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.context = options.context ?? {};
  }

  get kind(): ErrorKind {
    return ERRORS[this.code].kind;
  }
  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
  get hint(): string {
    return ERRORS[this.code].hint;
  }
}
