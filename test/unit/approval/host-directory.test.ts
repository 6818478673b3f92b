import { describe, expect, it } from 'vitest';
import {
  type FileSystem,
  type HostDirectory,
  inMemory,
  majorMinor,
  parseDirectory,
  parseFileSystem,
  plainName,
  sameFileSystem,
  usage,
} from '../../../src/core/approval/host-directory.ts';

const EXT4: FileSystem = {
  type: 'ef53',
  blockSize: 4096,
  blocks: 5_000_000,
  freeBlocks: 100_000,
  inodes: 1000,
};

function parse(body: string): HostDirectory {
  return parseDirectory({ name: 'save', body, exitCode: 0 });
}

function unreadable(text: string, section = 'save'): object {
  return expect.objectContaining({
    code: 'OUTPUT_UNREADABLE',
    message: `unexpected probe output: ${section} "${text}"`,
  });
}

describe('a directory on a host', () => {
  it.each(['ready', 'creatable'] as const)('is %s, with how full its file system is', (kind) => {
    expect(parse(`${kind} /var/lib/house call\n2049\nef53 4096 5000000 100000 1000 25\n`)).toEqual({
      kind,
      path: '/var/lib/house call',
      device: '8:1',
      fileSystem: EXT4,
      availableBytes: 102_400,
    });
  });

  it('is unsafe for a reason, whatever is known of its file system', () => {
    const reason = 'it is a symbolic link';
    expect(parse(`unsafe ${reason}`)).toEqual({ kind: 'unsafe', reason });
    expect(parse(`unsafe ${reason}\n2049\nef53 1 2 3 4 5\n`)).toEqual({ kind: 'unsafe', reason });
  });

  it('accepts white space around its numbers', () => {
    const found = parse('ready /save\n 2049 \n ef53 4096 5000000 100000 1000 0 \n');
    expect(found).toMatchObject({ device: '8:1', fileSystem: EXT4, availableBytes: 0 });
  });

  it.each([
    ['', ''],
    ['odd /save\n2049\nef53 1 2 3 4 5', 'odd /save'],
    ['\nready /save\n2049\nef53 1 2 3 4 5', ''],
    ['ready /save\n2049\nef53 1 2 3', 'ef53 1 2 3'],
    ['ready /save\n2049', ''],
    ['ready /save\n2049\nef53 1 2 3 4', ''],
    ['ready /save\n2049\nef53 1 2 3 4 x', 'x'],
    ['ready /save\n2049\nef53 1 2 -3 4 5', '-3'],
  ])('is unreadable from %j', (body, text) => {
    expect(() => parse(body)).toThrow(unreadable(text));
  });

  it('is unreadable without its device', () => {
    const body = 'ready /save\n\nef53 1 2 3 4 5';
    expect(() => parse(body)).toThrow(unreadable('', 'device'));
  });
});

describe('the words of a file system', () => {
  it('are its type and four numbers', () => {
    expect(parseFileSystem('fs', ['ef53', '4096', '5000000', '100000', '1000'])).toEqual(EXT4);
  });

  it.each([
    [[], ''],
    [['ef53', '1', '2', '3', '4', '5'], 'ef53 1 2 3 4 5'],
    [['ef53', '1', '2', '3', ''], ''],
    [['ef53', '1', '2', '3', '4x'], '4x'],
    [['ef53', '1', '2', '3', 'x4'], 'x4'],
    [['ef53', '1', '2', '3', '1'.repeat(21)], '1'.repeat(21)],
  ])('are unreadable as %j', (words, text) => {
    expect(() => parseFileSystem('fs', words)).toThrow(unreadable(text, 'fs'));
  });

  it('may be numbers of twenty digits', () => {
    const most = '18446744073709551615';
    expect(parseFileSystem('fs', ['ef53', '1', '2', '3', most]).inodes).toBe(Number(most));
  });

  it.each([
    ['1021994', true],
    ['858458f6', true],
    ['958458f6', true],
    ['ef53', false],
    ['', false],
  ])('of type %s say whether it is in memory: %s', (type, expected) => {
    expect(inMemory({ ...EXT4, type })).toBe(expected);
  });
});

describe('how full a file system is', () => {
  it('is its size and what is used of it, as df counts, in bytes', () => {
    expect(usage(EXT4)).toEqual({
      fileSystemBytes: 20_480_000_000,
      usedBytes: 20_070_400_000,
    });
  });
});

describe('a device number', () => {
  // makedev(3): 12 low bits of the major from bit 8, the rest from bit 32; 8 low bits of the minor.
  it.each([
    ['0', '0:0'],
    ['2049', '8:1'],
    ['64769', '253:1'],
    ['1048575', '4095:255'],
    ['1048576', '0:256'],
    ['17592186044416', '4096:0'],
    ['18446744073709551615', '4294967295:4294967295'],
  ])('%s is %s', (dev, expected) => {
    expect(majorMinor(dev)).toBe(expected);
  });

  it.each(['', '8:1', '-1', ' 1'])('is unreadable as %j', (dev) => {
    expect(() => majorMinor(dev)).toThrow(unreadable(dev, 'device'));
  });
});

describe('two places', () => {
  const here = { device: '8:1', fileSystem: EXT4 };
  const there = (more: Partial<FileSystem>, base: FileSystem = EXT4) => ({
    device: '0:50',
    fileSystem: { ...base, ...more },
  });
  const small: FileSystem = { ...EXT4, blocks: 1_024_000 };

  it('are on one file system when they have one device, whatever else differs', () => {
    expect(sameFileSystem(here, { ...there({ blocks: 7 }), device: '8:1' })).toBe(true);
  });

  it.each([
    ['the same size and free blocks', EXT4, {}, true],
    ['another block size', EXT4, { blockSize: 1024 }, false],
    ['another size', EXT4, { blocks: 5_000_001 }, false],
    ['free blocks that differ by a thousandth', EXT4, { freeBlocks: 105_000 }, true],
    ['fewer free blocks by a thousandth', EXT4, { freeBlocks: 95_000 }, true],
    ['free blocks that differ by more', EXT4, { freeBlocks: 105_001 }, false],
    ['fewer free blocks by more', EXT4, { freeBlocks: 94_999 }, false],
    [
      'a small size and 1024 free blocks more',
      { ...small, blocks: 5000 },
      { freeBlocks: 101_024 },
      true,
    ],
    [
      'a small size and 1025 free blocks more',
      { ...small, blocks: 5000 },
      { freeBlocks: 101_025 },
      false,
    ],
    ['no blocks at all', { ...EXT4, blocks: 0 }, {}, false],
  ])('with two devices and %s', (_what, base, more, expected) => {
    expect(sameFileSystem({ device: '8:1', fileSystem: base }, there(more, base))).toBe(expected);
  });
});

describe('a plain name', () => {
  it.each([
    ['/var/log/app.log', 'app.log'],
    ['app.log', 'app.log'],
    ['/var/log/a b\n\tc.log', 'a_b_c.log'],
    ['/x/A-z_09.log', 'A-z_09.log'],
    ['/x/.-.hidden', 'hidden'],
    ['/x/a.-b', 'a.-b'],
    ['/x/ü', '_'],
    ['/x/', 'file'],
    ['', 'file'],
    ['/x/..', 'file'],
    [`/x/${'a'.repeat(81)}`, 'a'.repeat(80)],
  ])('of %j is %s', (path, expected) => {
    expect(plainName(path)).toBe(expected);
  });
});
