/** One kind of secret: where it is, and what of the match is replaced. */
export interface Rule {
  readonly kind: string;
  /** Global. Linear: starts at a literal or behind a look-behind of its own class, and every run is bounded. */
  readonly pattern: RegExp;
  /** Parts before and after the secret that stay readable; null: this match is not a secret. */
  readonly keep?: (match: RegExpExecArray) => readonly [before: string, after: string] | null;
}

const prefixed = (kind: string, source: string): Rule => ({
  kind,
  pattern: new RegExp(`(?<![A-Za-z0-9_])(?:${source})`, 'g'),
});

/** Credentials that their maker gave a recognisable shape. */
const SHAPES: readonly Rule[] = [
  prefixed('jwt', String.raw`(?<![-.])eyJ[\w-]{8,4000}\.[\w-]{8,8000}(?:\.[\w-]{0,2000}){0,3}`),
  prefixed('aws', String.raw`(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])`),
  prefixed('slack', String.raw`xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{8,400}`),
  prefixed('slack', String.raw`xapp-\d-[A-Za-z0-9-]{8,400}`),
  {
    kind: 'slack',
    pattern: /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9/_-]{8,200}/g,
    keep: (match) => [match[1] ?? '', ''],
  },
  prefixed('github', String.raw`gh[pousr]_[A-Za-z0-9]{20,255}`),
  prefixed('github', String.raw`github_pat_[A-Za-z0-9_]{20,255}`),
  prefixed('gitlab', String.raw`gl(?:pat|rt|dt|cbt|ptt|oas|agent)-[\w.-]{16,300}`),
  prefixed('stripe', String.raw`(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,250}`),
  prefixed('stripe', String.raw`whsec_[A-Za-z0-9+/=]{16,250}`),
  prefixed('gcp', String.raw`AIza[\w-]{35}`),
  prefixed('gcp', String.raw`ya29\.[\w-]{20,500}`),
  prefixed('gcp', String.raw`GOCSPX-[\w-]{20,60}`),
  prefixed('npm', String.raw`npm_[A-Za-z0-9]{30,60}`),
  prefixed('pypi', String.raw`pypi-[\w-]{40,400}`),
  prefixed('docker', String.raw`dckr_(?:pat|oat)_[\w-]{20,80}`),
  prefixed('vault', String.raw`hv[sbr]\.[\w-]{20,300}`),
  prefixed('sendgrid', String.raw`SG\.[\w-]{16,40}\.[\w-]{16,80}`),
  prefixed('api-key', String.raw`sk-(?!ssh-|ecdsa-)[A-Za-z0-9_-]{20,300}`),
  prefixed('digitalocean', String.raw`do[opr]_v1_[a-f0-9]{40,80}`),
  {
    kind: 'password-hash',
    pattern: /\$(?:1|2[abxy]|5|6|7|y|gy|apr1|argon2(?:id?|d)|scrypt)\$[./A-Za-z0-9$=,+-]{20,300}/g,
  },
];

/** A whole header line is secret whatever scheme it uses. */
const HEADERS: readonly Rule[] = [
  {
    kind: 'authorization',
    pattern:
      /((?<![A-Za-z0-9])(?:(?:proxy-)?authorization|x-api-key|x-auth-token|private-token|x-vault-token|x-amz-security-token|(?:set-)?cookie)["']?[ \t]{0,3}[:=][ \t]{0,3}["']?)([^\r\n"']{1,8000})/gi,
    keep: (match) => [match[1] ?? '', ''],
  },
  {
    kind: 'authorization',
    pattern:
      /((?<![A-Za-z0-9])(?:bearer|basic|geniekey|token)[ \t]{1,3})([A-Za-z0-9._~+/=-]{8,4000})/gi,
    keep: ({ 1: scheme = '', 2: value = '' }) =>
      isCredential(scheme, value) ? [scheme, ''] : null,
  },
  {
    kind: 'url-password',
    pattern: /(:\/\/[^\s/:@"'<>]{0,256}:)([^\s/"'<>]{1,512})@/g,
    keep: (match) => [match[1] ?? '', '@'],
  },
  {
    kind: 'password',
    pattern:
      /((?<![\w-])curl\b[^\r\n]{0,300}?[ \t](?:-u|--user|-U|--proxy-user)[ =]{0,2}["']?[^\s:"'[\]]{1,100}:)([^\s"']{1,300})/g,
    keep: (match) => [match[1] ?? '', ''],
  },
];

/** `Basic authentication` and `Bearer of bad news` are words. */
function isCredential(scheme: string, value: string): boolean {
  if (/^basic/i.test(scheme)) return isUserAndPassword(value);
  if (/^token/i.test(scheme) && value.length < 16) return false;
  return /\d/.test(value) || /[a-z][A-Z]/.test(value) || value.endsWith('=') || value.length >= 40;
}

/** RFC 7617 section 2: base64 of `user:password`. */
function isUserAndPassword(value: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false;
  try {
    return atob(value).includes(':');
  } catch {
    return false;
  }
}

export const RULES: readonly Rule[] = [...SHAPES, ...HEADERS];
