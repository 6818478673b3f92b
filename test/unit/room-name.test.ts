import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roomName } from '../../src/core/incident/room-name.ts';

describe('roomName', () => {
  it.each([
    ['disk usage above 75 % on host-17', 'inc-20261120-7-disk-usage-above-75-on-host-17'],
    ['Überlauf: «/var» läuft voll!', 'inc-20261120-7-uberlauf-var-lauft-voll'],
    ['<!channel> & <script>', 'inc-20261120-7-channel-script'],
    ['\u001b[31mred\u001b[0m and \u202egnp.exe', 'inc-20261120-7-red-and-gnp-exe'],
    ['日本語', 'inc-20261120-7'],
    ['---', 'inc-20261120-7'],
    ['', 'inc-20261120-7'],
    ['snake_case stays', 'inc-20261120-7-snake_case-stays'],
  ])('makes %j a channel name', (title, name) => {
    expect(roomName('inc', '20261120-7', title)).toBe(name);
  });

  it('cuts long titles between words', () => {
    expect(roomName('inc', '20261120-7', 'word '.repeat(40))).toMatch(/^inc-20261120-7(-word)+$/);
  });

  it('is always a name Slack takes, with its id and space for a suffix', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (title) => {
        const name = roomName('inc', '20261120-7', title);
        expect(name).toMatch(/^inc-20261120-7[a-z0-9_-]*$/);
        expect(name.length).toBeLessThanOrEqual(76);
        expect(name.endsWith('-')).toBe(false);
      }),
    );
  });
});
