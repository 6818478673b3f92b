import type { Rule } from './rules.ts';

const KEYWORD = [
  'pass(?:word|wd|phrase|code)',
  'pwd',
  'pass',
  'client[_-]?secret',
  'secret[_-]?(?:access[_-]?)?key',
  'secret',
  'credentials?',
  'auth[_-]?token',
  'token',
  '(?:api|access|private|encryption|signing|shared|account|storage|master|session)[_-]?key',
  'apikey',
].join('|');

/** `DB_PASSWORD=x`, `"apiToken": "x"`, `--client-secret=x`, `password => x`, `pwd:x`. */
const ASSIGNMENT: Rule = {
  kind: 'secret',
  pattern: new RegExp(
    String.raw`(${KEYWORD})([\w-]{0,24})(\\{0,7}["']?[ \t]{0,3}(?:=>|:=|[=:])[ \t]{0,3})(?:(\\{0,7}["'])((?:(?!\4)[^\r\n]){1,1000})|((?:\[redacted:[a-z-]{1,24}\]|[^\s,;&"'<>)}\]\\])[^\s,;&"'<>)}\]]{0,1000}))`,
    'gi',
  ),
  keep(match) {
    const { 1: keyword = '', 2: suffix = '', 3: sign = '', 4: quote = '' } = match;
    const value = match[5] ?? match[6] ?? '';
    const before = match.input.charAt(match.index - 1);
    if (!isSecretName(before, keyword, suffix) || !isSecretValue(keyword, sign, value)) return null;
    return [`${keyword}${suffix}${sign}${quote}`, ''];
  },
};

/** `--password x`, `--token 'x'`: the value is the next word. */
const OPTION: Rule = {
  kind: 'secret',
  pattern: new RegExp(
    String.raw`(?<![\w-])(--?(?:[a-z]{1,20}-){0,2}(?:${KEYWORD})[ \t]{1,3})(["']?[^\s-][^\s]{0,1000})`,
    'gi',
  ),
  keep: ({ 1: option = '', 2: value = '' }) =>
    option.startsWith('--') && !value.startsWith('[redacted:') ? [option, ''] : null,
};

/** What stands beside a secret and is none itself. */
const HARMLESS_SUFFIX =
  /(?:file|path|dir|url|uri|count|name|length|len|size|type|ttl|age|policy|at|expiry|expires(?:in)?|expiration|hint|enabled|required|field|attempts?|prompt|authentication)$/i;

function isSecretName(before: string, keyword: string, suffix: string): boolean {
  const short = /^(?:pass|pwd|token)$/i.test(keyword);
  if (short && /[A-Za-z]/.test(before) && !/^[A-Z]/.test(keyword)) return false;
  if (suffix === '') return true;
  if (HARMLESS_SUFFIX.test(suffix)) return false;
  // `passenger`, `secretary`, `tokens` go on as a word; `secretKey`, `token_2`, `PASSWORD_DB` do not.
  return /^[_\-\d]/.test(suffix) || (/^[A-Z]/.test(suffix) && /[a-z]$/.test(keyword));
}

/** Words of log lines and configuration that follow such a name without being a secret. */
const HARMLESS_VALUE =
  /^(?:null|nil|none|no|not|yes|true|false|undefined|empty|unset|x|\*+|<[\w -]*>|\$\{?\w+\}?|\{\{.*|expired?|invalid|missing|required|unexpected|incorrect|wrong|failed|denied|unknown|changed)$/i;

function isSecretValue(keyword: string, sign: string, value: string): boolean {
  if (HARMLESS_VALUE.test(value)) return false;
  if (/^pwd$/i.test(keyword) && value.startsWith('/')) return false;
  // `pass: 3 fail: 0`, `token: 7`: test runs and parsers.
  if (/^pass$/i.test(keyword) && /:[ \t]/.test(sign)) return false;
  if (/^token$/i.test(keyword) && sign.includes(':') && /^\d{1,4}$/.test(value)) return false;
  return !/^\[redacted:[a-z-]+\]$/.test(value);
}

export const ASSIGNMENTS: readonly Rule[] = [ASSIGNMENT, OPTION];
