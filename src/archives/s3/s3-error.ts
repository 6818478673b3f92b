import { HousecallError } from '../../core/errors.ts';
import { sanitiseLine } from '../../core/sanitise.ts';

/** What a person does about it, by S3's code. */
const REMEDIES: Readonly<Record<string, string>> = {
  AccessDenied:
    'the credentials may not do this; they need s3:PutObject, s3:GetObject, s3:ListBucket',
  NoSuchBucket: 'there is no such bucket',
  InvalidAccessKeyId: 'the access key is not known there',
  SignatureDoesNotMatch: 'the secret key does not fit the access key',
  CredentialsProviderError:
    'no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role',
  ExpiredToken: 'the credentials have expired',
  PermanentRedirect: 'the bucket is in another region; set archive.s3.region',
  AuthorizationHeaderMalformed: 'the bucket is in another region; set archive.s3.region',
  RequestTimeTooSkewed: 'the clock of this machine is wrong',
  TimeoutError: 'no answer in time',
  AbortError: 'no answer in time',
};

/**
 * The failure in our words. The SDK's own error is not passed on: it carries the request, the access
 * key and whatever the server answered.
 */
export function s3Error(
  what: string,
  error: unknown,
  context: Readonly<Record<string, string>>,
): HousecallError {
  if (error instanceof HousecallError) return error;
  const { name, code, status } = partsOf(error);
  const remedy = REMEDIES[name];
  const numbers = [...(code === '' ? [] : [code]), ...(status === null ? [] : [`HTTP ${status}`])];
  const reason = `${name}${numbers.length === 0 ? '' : ` (${numbers.join(', ')})`}`;
  return new HousecallError(
    'ARCHIVE_INVALID',
    `could not ${what}: ${reason}${remedy === undefined ? '' : `: ${remedy}`}`,
    { context },
  );
}

/** S3's code of an error: `NoSuchKey`. */
export function codeOf(error: unknown): string {
  return partsOf(error).name;
}

function partsOf(error: unknown): { name: string; code: string; status: number | null } {
  if (!(error instanceof Error)) return { name: 'unknown failure', code: '', status: null };
  const code = 'code' in error ? word(error.code) : '';
  const meta: unknown = '$metadata' in error ? error.$metadata : null;
  const status =
    typeof meta === 'object' && meta !== null && 'httpStatusCode' in meta
      ? Number(meta.httpStatusCode)
      : Number.NaN;
  const name = word(error.name) || 'unknown failure';
  return { name, code: code === name ? '' : code, status: status > 0 ? status : null };
}

/** What a server calls an error is from outside, too. */
function word(value: unknown): string {
  return typeof value === 'string'
    ? sanitiseLine(value)
        .replaceAll(/[^\w.-]/g, '')
        .slice(0, 80)
    : '';
}
