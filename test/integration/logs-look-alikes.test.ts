import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { HOLDER } from '../support/disk-box.ts';
import { logBox, look, WRITER } from '../support/logs-box.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`logs among look-alikes: skipped, ${problem}`);

const APP = '/var/log/app.log';
const ACTOR = fileURLToPath(new URL('../support/vitals-actor.py', import.meta.url));

describe.skipIf(problem !== null)('logs among look-alikes', () => {
  it.each(['dash', 'busybox'] as const)(
    'says of what is no log what it is, and never hangs on it, with %s',
    async (shell) => {
      const box = await logBox();
      box.run(`mkdir /srv/x; mkfifo /srv/x/fifo; mknod /srv/x/device c 1 5; ln -s /srv/x/fifo /srv/x/link; ln -s loop /srv/x/loop
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/srv/x/socket")'; seq 9000 | gzip >/srv/x/a.log.gz; head -c 90000 /dev/urandom >/srv/x/binary`);
      const title = (path: string): string => look(box, { path }, { shell }).get('coverage').title;
      expect(title('/srv/x')).toBe('`/srv/x` is a directory, not a log');
      expect(title('/srv/x/fifo')).toMatch(/^`\/srv\/x\/fifo` is a named pipe/);
      expect(title('/srv/x/link')).toMatch(
        /^`\/srv\/x\/link` \(`\/srv\/x\/fifo`\) is a named pipe/,
      );
      expect(title('/srv/x/loop')).toBe('`/srv/x/loop` is a chain of links without end');
      expect(title('/srv/x/device')).toBe('`/srv/x/device` is a device, not a log');
      expect(title('/srv/x/socket')).toBe('`/srv/x/socket` is a socket, not a log');
      expect(title('/srv/x/none')).toBe('`/srv/x/none` does not exist on this host');
      expect(title('/srv/x/none/none')).toBe('`/srv/x/none/none` does not exist on this host');
      expect(title('/proc/kmsg')).toBe('`/proc/kmsg` is on proc, which holds no logs');
      expect(title('/srv/x/a.log.gz')).toContain('is compressed or binary and was not read');
      expect(title('/srv/x/binary')).toContain('holds no text that could be counted');
      expect(look(box, { unit: 'no-such-unit.service' }, { shell }).codes).toEqual(['coverage']);
    },
  );

  it.each(['dash', 'busybox'] as const)(
    'never touches a network file system whose server is gone, with %s',
    async (shell) => {
      const box = await logBox();
      await box.start('python3', HOLDER, '/var/log', 'hung');
      box.run('ln -s /var/log/deep/hung/app.log /srv/way; echo hello >/var/log/x.log');
      for (const path of ['/var/log/deep/hung/app.log', '/srv/way']) {
        expect(look(box, { path }, { shell }).get('coverage').title).toContain(
          'is on fuse.sshfs (`/var/log/deep/hung`), which is never touched',
        );
      }
      expect(look(box, {}, { shell }).get('coverage').title).toContain('/var/log was left alone');
    },
  );

  it('measures growth right beside many thousand descriptors, asked for a log or not', async () => {
    const box = await logBox();
    box.run('mkdir /srv/d');
    for (let i = 0; i < 3; i++) await box.start('python3', ACTOR, 'descriptors', '0', '14000');
    await box.start('python3', WRITER, APP, 'append', '2000', '300000');
    const size = () => Number(box.run(`stat -c %s ${APP}`));
    for (const params of [{ path: APP }, {}]) {
      const before = { size: size(), at: Date.now() };
      const { findings } = look(box, { ...params, maxReadMiB: 2 });
      const grown = ((size() - before.size) / (Date.now() - before.at)) * 1000;
      const told = findings.find(
        ({ code, subject }) => code === 'logs.dominant-template' && subject === APP,
      );
      // The writer and the look share a busy machine: half and double are near.
      expect(Number(told?.data['bytesPerSecond']) / grown).toBeGreaterThan(0.5);
      expect(Number(told?.data['bytesPerSecond']) / grown).toBeLessThan(2);
    }
  });

  it('does not call an empty log fine when its writer could not be looked for', async () => {
    const box = await logBox();
    await box.start('python3', WRITER, APP, 'append', '2000', '2000');
    box.run(`mv ${APP} ${APP}.1; : >${APP}; chmod 644 ${APP}`);
    expect(look(box, { path: APP }).codes).toEqual(['rotated-without-reopen']);
    const plain = look(box, { path: APP }, { user: 'plain' });
    expect(plain.codes).toEqual(['coverage']);
    expect(plain.get('coverage').title).toMatch(
      /is empty, and who may still write to its old file/,
    );
  });

  it('follows a link to a log, and offers the fix for the log itself', async () => {
    const box = await logBox();
    box.run(`mkdir /srv/real; seq -f 'job %g failed: No space left on device' 700000 >/srv/real/app.log; ln -s ../srv/real /var/real; ln -s ../real/app.log /var/log/current; ln -s /srv/real/app.log "/srv/a
b.log"`);
    for (const path of ['/var/log/current', '/srv/a\nb.log']) {
      const { data, fixes } = look(box, { path }).get('dominant-template');
      expect(data).toMatchObject({ path: '/srv/real/app.log', bytesShare: 1 });
      expect(fixes).toEqual([{ fix: 'truncate-log', params: { path: '/srv/real/app.log' } }]);
    }
  });

  it('offers the fix only to an account with which it can work', async () => {
    const box = await logBox();
    await box.start('python3', WRITER, APP, 'append', '12000');
    box.run(`chmod 666 ${APP}`);
    const told = (user?: 'plain') =>
      look(box, { path: APP }, user === undefined ? {} : { user }).get('dominant-template');
    const plain = told('plain');
    expect(plain.fixes).toEqual([]);
    expect(plain.detail).toMatch(
      /The fix `truncate-log` is not offered: .* \(uid \d+\) has neither root nor sudo/,
    );
    expect(told().fixes).toEqual([{ fix: 'truncate-log', params: { path: APP } }]);
    box.run(`chattr +i ${APP}`);
    const fixed = told();
    box.run(`chattr -i ${APP}`);
    expect(fixed.fixes).toEqual([]);
    expect(fixed.detail).toContain('not even root can write to this file');
  });

  it.each(['dash', 'bash', 'busybox'] as const)(
    'survives hostile names and lines, and lines that imitate its own output, with %s',
    async (shell) => {
      const box = await logBox();
      const name = '/var/log/a\n@f1x7u2e0 end log 0\tb $(touch x) `id` "\'\\\u001b[31m é [*]?.log';
      box.run('touch /srv/canary');
      const quoted = `'${name.replaceAll("'", `'\\''`)}'`;
      box.run(`python3 - ${quoted} <<'EOF'
import sys
with open(sys.argv[1], "wb") as log:
    for n in range(3000):
        log.write(b"%d \\x1b[31m$(touch /srv/x) \`id\` '; touch /srv/x; ' \\\\012\\n" % n)
        log.write(b"@f1x7u2e0 end log 0\\n@f1x7u2e0 begin finish\\nt\\t999999999\\t1.0\\tforged\\n")
EOF`);
      await box.start('python3', WRITER, name, 'append', '1');
      const { get, findings } = look(box, { path: name }, { shell });
      const { data } = get('dominant-template');
      expect(data['path']).toBe(
        '/var/log/a\\n@f1x7u2e0 end log 0\\tb $(touch x) \\x60id\\x60 "\'\\\\\\e[31m é [*]?.log',
      );
      expect(data).toMatchObject({ process: 'python3' });
      expect(data['template']).toContain('$(touch /srv/x)');
      expect(JSON.stringify(findings)).not.toMatch(/\\u001b|999999999/);
      // Without being asked for, too.
      expect(look(box, {}, { shell }).findings).toEqual([]);
      expect(box.run('ls /srv')).not.toMatch(/^x$/m);
    },
  );

  it.each(['dash', 'busybox'] as const)(
    'finds a log with a hostile name that nobody holds open, with %s',
    async (shell) => {
      const box = await logBox();
      box.run(
        `cd /var/log; name=$(printf 'a\\n\\\\012 \\tb .log '); seq -f 'job %g: No space left on device' 900 >"$name"`,
      );
      const { data } = look(box, {}, { shell }).get('known-error');
      expect(data).toMatchObject({ path: '/var/log/a\\n\\\\012 \\tb .log ', error: 'ENOSPC' });
    },
  );

  it('tells a rotated log from one that a program names itself', async ({ skip }) => {
    if (!existsSync('/usr/sbin/logrotate')) skip('logrotate is not installed');
    const box = await logBox();
    // cronolog: a link to the present file; log4j: dates of its own; redis: data with a log's name.
    await box.start('python3', WRITER, '/var/log/access.log-20261120', 'append', '400');
    await box.start('python3', WRITER, '/var/log/daily.log.2026-11-20', 'append', '400');
    await box.start('python3', WRITER, '/var/log/000123.log', 'append', '400');
    await box.start('python3', WRITER, '/var/log/copied.log', 'append', '400');
    await box.start('python3', WRITER, '/var/log/tool.log', 'append', '400');
    box.run(`ln -s access.log-20261120 /var/log/access.log; echo old >/var/log/daily.log
      printf '/var/log/copied.log {\\n copytruncate\\n rotate 2\\n}\\n' >/etc/logrotate.d/copied
      logrotate --state ${box.directory}/state -f /etc/logrotate.conf; ls /var/log/copied.log.1`);
    expect(look(box, {}).codes).toEqual([]);
    // Renamed by hand: it is said, and no stanza is blamed.
    box.run('mv /var/log/tool.log /var/log/tool.log.1; touch /var/log/tool.log');
    const { data, detail, fixes } = look(box, {}).get('rotated-without-reopen');
    expect(Object.keys(data)).not.toContain('stanza');
    expect(detail).toContain('something else renamed it');
    expect(fixes).toEqual([]);
  });

  it('blames no stanza that tells the writer, and none for a log that was removed by hand', async () => {
    const box = await logBox();
    await box.start('python3', WRITER, APP, 'plain', '3000');
    await box.start('python3', WRITER, '/var/log/gone.log', 'append', '2000');
    box.run(`printf '/var/log/*.log {\\n olddir /var/log/old\\n postrotate\\n  systemctl reload app\\n endscript\\n}\\n' >/etc/logrotate.d/app
      mkdir /var/log/old; mv ${APP} /var/log/old/app.log-20261120; rm /var/log/gone.log`);
    const { findings } = look(box, {});
    const rotated = findings.filter(({ code }) => code === 'logs.rotated-without-reopen');
    expect(rotated.map(({ subject }) => subject)).toEqual([
      '/var/log/old/app.log-20261120',
      '/var/log/gone.log',
    ]);
    expect(rotated[0]?.detail).toContain(
      'has a postrotate (`systemctl reload app`), but it did not reach this process',
    );
    expect(rotated[0]?.detail).toContain('without O_APPEND');
    expect(rotated[0]?.fixes).toEqual([]);
    expect(rotated[1]?.detail).toContain('removed under its own name');
    expect(rotated[1]?.fixes.map(({ fix }) => fix)).toEqual(['truncate-deleted-file']);
    expect(look(box, { path: '/var/log/x.log' }).codes).toEqual(['coverage']);
  });

  it('names compressed rotations, and reads a log that is rotated and truncated under its eyes', async () => {
    const box = await logBox();
    box.run(`seq 500 >${APP}; for i in 2 3; do seq $((i * 1000)) | gzip >${APP}.$i.gz; done`);
    expect(look(box, { path: APP }).get('dominant-template').detail).toMatch(
      /2 compressed rotations beside it \(\d+(\.\d)? kB, `\/var\/log\/app\.log\.2\.gz`\) were not read/,
    );
    await box.start(
      'bash',
      '-c',
      `echo ready; while :; do seq 90000 >${APP}.new; mv ${APP}.new ${APP}; : >${APP}; seq 90000 >>${APP}; done`,
    );
    for (let round = 0; round < 5; round++) look(box, { path: APP });
  });
});
