import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../src/core/plan.ts';
import { logrotateCopytruncate } from '../../../../src/fixes/logrotate-copytruncate/index.ts';
import { Params } from '../../../../src/fixes/logrotate-copytruncate/params.ts';
import { parse } from '../../../../src/fixes/logrotate-copytruncate/parse.ts';
import { plan } from '../../../../src/fixes/logrotate-copytruncate/plan.ts';
import type { ConfigFile, State } from '../../../../src/fixes/logrotate-copytruncate/state.ts';
import { verify } from '../../../../src/fixes/logrotate-copytruncate/verify.ts';
import { FIXTURE_NONCE, resultOf } from '../../../support/diagnostic-fixture.ts';
import { FIXTURE_CONTEXT, fixFixturesOf } from '../../../support/fix-fixture.ts';

const CONFIG = '/etc/logrotate.d/app';
const STANZA = '/var/log/app.log';
const TEXT = `${STANZA} {\n\tweekly\n}\n`;
const SYSTEM = { type: 'ef53', blockSize: 4096, blocks: 1000, freeBlocks: 10, inodes: 100 };
const FILE: ConfigFile = {
  facts: '2049 12 1 81a4 0 0',
  inode: '12',
  links: 1,
  regular: true,
  mode: 0o644,
  uid: 0,
  sha256: 'a'.repeat(64),
  text: TEXT,
};
const place = (path: string, availableBytes: number): State['saveDirectory'] => ({
  kind: 'ready',
  path,
  device: '8:1',
  fileSystem: SYSTEM,
  availableBytes,
});
const stateOf = (change: Partial<State> = {}, file: Partial<ConfigFile> = {}): State => ({
  bootId: 'b',
  uid: 0,
  place: { kind: 'here' },
  unsafe: null,
  file: { ...FILE, ...file },
  writable: true,
  includes: ['/etc/logrotate.d'],
  package: null,
  logrotate: { errors: 0, ownErrors: 0 },
  saveDirectory: place('/var/tmp/housecall', 1e9),
  runDirectory: place('/run/housecall', 1e9),
  ...change,
});
const planned = (state: State, config = CONFIG): Plan | string =>
  plan(state, { config, stanza: STANZA }, FIXTURE_CONTEXT);

describe('whether a configuration may be edited', () => {
  it.each([
    ['/etc/logrotate.conf', []],
    ['/etc/logrotate.d/x', []],
    ['/srv/rotate/x', ['/srv/rotate/']],
    ['/srv/rotate.conf', ['/srv/rotate.conf']],
    ['/srv/old.disabled', ['/srv/old.disabled']],
    ['/etc/logrotate.d/x.rpmnewer', []],
  ] as const)('%s, with %j included', (config, includes) => {
    expect(planned(stateOf({ includes }), config)).toBeTypeOf('object');
  });

  it.each([
    ['/etc/logrotate.d/sub/x', /logrotate does not read it/],
    ['/srv/rotate/x', /logrotate does not read it/],
    ['/etc/logrotate.d/x~', /of this name/],
    ['/etc/logrotate.d/x.rpmnew', /of this name/],
    ['/etc/logrotate.d/x,v', /of this name/],
    ['/etc/logrotate.d/x.dpkg-dist', /of this name/],
  ] as const)('not %s', (config, reason) => {
    expect(planned(stateOf(), config)).toMatch(reason);
  });

  it.each([
    [{ place: { kind: 'link', what: '/etc/x' } as const }, {}, /symbolic link \/etc\/x/],
    [{ place: { kind: 'missing' } as const }, {}, /no such file, or it is hidden as uid 0/],
    [{ place: { kind: 'denied' } as const }, {}, /cannot be looked at as uid 0/],
    [{ file: null }, {}, /cannot be looked at as uid 0/],
    [{ unsafe: '/etc is writable by others' }, {}, /others could replace it: \/etc is writable/],
    [{ writable: false }, {}, /its file system is read-only, or it is immutable/],
    [{ uid: 7 }, {}, /cannot be written as uid 7$/],
    [{ uid: 7, writable: false, sudoRefused: 'no' }, {}, /as uid 7 \(sudo refused: no\)/],
    [{ logrotate: { errors: null, ownErrors: null } }, {}, /does not come to an end/],
    [{}, { regular: false }, /no regular file/],
    [{}, { uid: 5 }, /belongs to uid 5/],
    [{}, { mode: 0o664 }, /others may write it \(mode 664\)/],
    [{}, { mode: 0o602 }, /others may write it \(mode 602\)/],
    [{}, { links: 2 }, /it has 2 names/],
    [{}, { sha256: null, text: null }, /cannot be read/],
    [{}, { text: null }, /longer than 64 KiB or no UTF-8/],
    [{}, { text: '' }, /no stanza/],
  ] as const)('not with %j %j', (change, file, reason) => {
    expect(planned(stateOf(change, file))).toMatch(reason);
  });

  it('says who owns the file, and what logrotate says of it', () => {
    const words = (change: Partial<State>): string => {
      const found = planned(stateOf(change));
      return typeof found === 'string' ? found : found.preconditions.join('\n');
    };
    expect(words({ package: { manager: 'dpkg', name: 'app' } })).toMatch(
      /package app: .* dpkg asks/,
    );
    expect(words({ package: { manager: 'rpm', name: 'app' } })).toMatch(/package app: .*\.rpmnew/);
    expect(words({})).toMatch(/No package owns the file/);
    expect(words({})).toMatch(/without errors/);
    expect(words({ logrotate: { errors: 1, ownErrors: 0 } })).toMatch(/tells 1 error of/);
    expect(words({ logrotate: { errors: 2, ownErrors: 0 } })).toMatch(/tells 2 errors of/);
    expect(words({ logrotate: { errors: null, ownErrors: 0 } })).toMatch(
      /only this file is checked/,
    );
    expect(words({ logrotate: null })).toMatch(/no logrotate on the host/);
    expect(words({})).not.toMatch(/create stays|nocopytruncate|Its scripts/);
  });

  it('keeps the copy where there is room for it', () => {
    const claim = (save: number, run: number): unknown => {
      const found = planned(
        stateOf({ saveDirectory: place('/save', save), runDirectory: place('/run/x', run) }),
      );
      return typeof found === 'string' ? found : found.identity['claim'];
    };
    expect(claim(1_048_576, 0)).toBe('/save');
    expect(claim(1_048_575, 1_048_576)).toBe('/run/x');
    expect(claim(0, 1_048_575)).toMatch(/neither \/save nor \/run\/x has room for a copy/);
    const unsafe = { kind: 'unsafe', reason: 'its mode is 755' } as const;
    expect(planned(stateOf({ saveDirectory: unsafe }))).toMatch(
      /fixes.saveDirectory \/var\/tmp\/housecall cannot be used on host-17: its mode is 755/,
    );
    const full = { saveDirectory: place('/save', 0), runDirectory: unsafe };
    expect(planned(stateOf(full))).toMatch(/\/save is full, and \/run cannot be used either/);
  });

  it('takes a path and a stanza, white space folded', () => {
    const read = (config: string, stanza: string): unknown =>
      Params.safeParse({ config, stanza }).data;
    expect(read(CONFIG, ' /a \n\t/b ')).toEqual({ config: CONFIG, stanza: '/a /b' });
    expect(read(CONFIG, '')).toBeUndefined();
    for (const path of ['/etc/../x', '/etc/./x', 'etc/x', '/etc//x', '/etc/x/', '/etc/a\nb']) {
      expect(read(path, STANZA)).toBeUndefined();
    }
  });
});

describe('whether the configuration has it now', () => {
  const fixed = { text: `${STANZA} {\n\tcopytruncate\n}\n` };
  const check = (change: Partial<State>, file: Partial<ConfigFile>, before = stateOf()): unknown =>
    verify(before, stateOf(change, file), { config: CONFIG, stanza: STANZA });

  it.each([
    [{}, fixed, 'verified', /finds no more errors than before/],
    [{ logrotate: null }, fixed, 'verified', /there is no logrotate to check it/],
    [{ logrotate: { errors: null, ownErrors: null } }, fixed, 'verified', /no more errors/],
    [
      { logrotate: { errors: 1, ownErrors: 0 } },
      fixed,
      'ineffective',
      /more errors \(1\) than before \(0\)/,
    ],
    [
      { logrotate: { errors: 0, ownErrors: 2 } },
      fixed,
      'ineffective',
      /more errors \(2\) than before \(0\)/,
    ],
    [{}, {}, 'ineffective', /the stanza has no copytruncate/],
    [{}, { text: null }, 'unknown', /can no longer be read/],
    [{ file: null }, {}, 'unknown', /can no longer be read/],
    [{}, { text: '' }, 'unknown', /no longer there, or twice/],
  ] as const)('with %j %j', (change, file, outcome, reason) => {
    expect(check(change, file)).toEqual({ outcome, reason: expect.stringMatching(reason) });
  });

  it('does not hold against it what was wrong before, or what nobody asked', () => {
    const wrong = { logrotate: { errors: 3, ownErrors: 1 } };
    expect(check(wrong, fixed, stateOf(wrong))).toMatchObject({ outcome: 'verified' });
    expect(check(wrong, fixed, stateOf({ logrotate: null }))).toMatchObject({
      outcome: 'verified',
    });
  });
});

describe('what its probe printed', () => {
  const fixture = fixFixturesOf('logrotate-copytruncate').find(
    ({ name }) => name === 'renames-without-telling',
  );
  const output = fixture?.result.stdout ?? '';
  const parsed = (section: string, body: string): State => {
    const begin = `@${FIXTURE_NONCE} begin ${section}\n`;
    const from = output.indexOf(begin) + begin.length;
    const rest = output.slice(output.indexOf(`\n@${FIXTURE_NONCE} end ${section} `, from));
    return parse(resultOf(output.slice(0, from) + body + rest), FIXTURE_NONCE);
  };

  it.each([
    ['host', 'b'],
    ['host', 'b x'],
    ['place', 'somewhere'],
    ['file', '1 2 3 81a4 0'],
    ['file', '1 2 3 81z4 0 0'],
    ['checksum', 'abc'],
    ['content', '2f7'],
    ['content', 'zz'],
    ['checker', 'here 1'],
    ['checker', 'gone'],
    ['run', 'somehow'],
  ])('is unreadable with %s "%s"', (section, body) => {
    expect(() => parsed(section, body)).toThrow(
      expect.objectContaining({ code: 'OUTPUT_UNREADABLE' }),
    );
  });

  it('is read', () => {
    expect(parsed('content', '61'.repeat(65_536)).file?.text).toBe('a'.repeat(65_536));
    expect(parsed('content', '61'.repeat(65_537)).file?.text).toBeNull();
    expect(parsed('content', 'c3').file?.text).toBeNull();
    expect(parsed('content', 'c3a9').file?.text).toBe('é');
    expect(parsed('includes', '/etc/a\n"/etc/b c" \n\n').includes).toEqual(['/etc/a', '/etc/b c']);
    expect(parsed('checker', 'here - 3').logrotate).toEqual({ errors: null, ownErrors: 3 });
    expect(parsed('checker', 'none').logrotate).toBeNull();
    expect(parsed('package', 'dpkg app').package).toEqual({ manager: 'dpkg', name: 'app' });
    expect(parsed('package', 'rpm app\nother').package).toEqual({ manager: 'rpm', name: 'app' });
    expect(parsed('package', '').package).toBeNull();
    expect(parsed('place', 'link /etc/a b').place).toEqual({ kind: 'link', what: '/etc/a b' });
    expect(parsed('above', '/etc is writable').unsafe).toBe('/etc is writable');
    expect(parsed('access', 'ext4 ro').writable).toBe(false);
    expect(parsed('file', '1 2 1 41ed 0 0').file).toMatchObject({ regular: false, mode: 0o755 });
  });

  it('is told in one line', () => {
    const bound = logrotateCopytruncate.bind(fixture?.params ?? {}, FIXTURE_CONTEXT);
    expect(bound.describe(stateOf())).toBe('0 of 1 stanzas of the file with copytruncate');
    expect(bound.describe(stateOf({ file: null }))).toBe('the file cannot be read');
    expect(bound.describe(stateOf({}, { text: 'x {' }))).toBe(
      '0 of 0 stanzas of the file with copytruncate',
    );
    expect(bound.describe(stateOf({}, { text: '}' }))).toBe('the file cannot be read');
  });
});
