import { describe, expect, it } from 'vitest';
import { parse } from '../../../../src/fixes/truncate-log/parse.ts';
import { FIXTURE_NONCE, resultOf } from '../../../support/diagnostic-fixture.ts';
import { fixFixturesOf } from '../../../support/fix-fixture.ts';

const APPENDING = fixFixturesOf('truncate-log').find(({ name }) => name === 'appending');
const OUTPUT = APPENDING?.result.stdout ?? '';

/** The recorded output with the body of one section replaced. */
function outputWith(section: string, body: string): string {
  const [begin, end] = [
    `@${FIXTURE_NONCE} begin ${section}\n`,
    `\n@${FIXTURE_NONCE} end ${section} `,
  ];
  const from = OUTPUT.indexOf(begin) + begin.length;
  return OUTPUT.slice(0, from) + body + OUTPUT.slice(OUTPUT.indexOf(end, from));
}
const parsed = (section: string, body: string): ReturnType<typeof parse> =>
  parse(resultOf(outputWith(section, body)), FIXTURE_NONCE);

describe('what the probe of truncate-log printed', () => {
  it('is read', () => {
    const state = parse(resultOf(OUTPUT), FIXTURE_NONCE);
    expect(state).toMatchObject({ uid: 0, place: { kind: 'here', readOnly: false } });
    expect(state.file).toMatchObject({ regular: true, links: 1, directory: { mode: 0o755 } });
    expect(state.log).toMatchObject({ way: 'appends', firstByte: 0, mappedBy: [] });
    expect(state.log?.writers).toEqual([
      { pid: expect.stringMatching(/^\d+$/), flags: '0102001', name: 'sleep' },
    ]);
    expect(state).not.toHaveProperty('sudoRefused');
  });

  it.each([
    ['host', 'b'],
    ['host', 'b x'],
    ['place', 'nowhere'],
    ['file', '1 2 3'],
    ['file', '1 2 1 81a4 0 10 x\n0 755'],
    ['start', '0:abc 41'],
    ['start', ''],
    ['text', '1 2'],
    ['text', '1 2 x'],
    ['writers', 'appends'],
    ['writers', 'denied 0\nsomehow'],
    ['writers', 'denied x\nappends'],
    ['writers', 'writer 1 02\ndenied 0\nappends'],
    ['writers', 'reader 1 02 - x\ndenied 0\nappends'],
    ['filesystem', 'ef53 1 2'],
    ['save', 'perhaps /x'],
  ])('is unreadable with %s "%s"', (section, body) => {
    expect(() => parsed(section, body)).toThrow(
      expect.objectContaining({ code: 'OUTPUT_UNREADABLE' }),
    );
  });

  it('tells links and foreign file systems with what they are, newlines too', () => {
    expect(parsed('place', 'link /var/a\nb c').place).toEqual({
      kind: 'link',
      what: '/var/a\nb c',
    });
    expect(parsed('place', 'foreign fuse.sshfs').place).toEqual({
      kind: 'foreign',
      what: 'fuse.sshfs',
    });
    expect(parsed('place', 'here ro').place).toEqual({ kind: 'here', readOnly: true });
  });

  it('keeps blanks in the names of writers, their containers, and who has mapped it', () => {
    const id = 'c'.repeat(64);
    const body = `writer 1 02001 - my app\nwriter 2 0100001 ${id} x\ndenied 4\nboth`;
    expect(parsed('writers', body).log).toMatchObject({
      way: 'both',
      unseenProcesses: 4,
      writers: [
        { pid: '1', flags: '02001', name: 'my app' },
        { pid: '2', flags: '0100001', name: 'x', container: id },
      ],
    });
    expect(parsed('mapped', '12\n13').log?.mappedBy).toEqual(['12', '13']);
  });

  it('says what sudo said', () => {
    const result = resultOf(OUTPUT, { sudoRefused: 'no' });
    expect(parse(result, FIXTURE_NONCE).sudoRefused).toBe('no');
  });
});
