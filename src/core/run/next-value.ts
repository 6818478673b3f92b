import { HousecallError } from '../errors.ts';

/** Which suggestion of which finding a button stands for. */
export interface NextValue {
  readonly stream: string;
  readonly run: string;
  readonly host: string;
  /** Indexes into the host's findings and the finding's suggestions. */
  readonly finding: number;
  readonly next: number;
}

export function encodeNextValue(value: NextValue): string {
  return [value.stream, value.run, value.host, value.finding, value.next].join(' ');
}

export function decodeNextValue(text: string): NextValue {
  const [stream, run, host, finding, next, ...rest] = text.split(' ');
  if (stream && run && host && isIndex(finding) && isIndex(next) && rest.length === 0) {
    return { stream, run, host, finding: Number(finding), next: Number(next) };
  }
  throw new HousecallError('USAGE', 'next.run: the button carries no suggestion Housecall knows');
}

function isIndex(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,4}$/.test(text);
}
