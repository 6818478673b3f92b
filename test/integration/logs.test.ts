import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { logBox, look, WRITER } from '../support/logs-box.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`logs on a real host: skipped, ${problem}`);

const APP = '/var/log/app.log';
const JOURNALD = '/lib/systemd/systemd-journald';
if (!existsSync(JOURNALD)) console.warn('journal of a unit: skipped, no systemd-journald here');

describe.skipIf(problem !== null)('logs on a real host', () => {
  describe.each(['dash', 'bash', 'busybox'] as const)('with %s', (shell) => {
    it('tells which message fills a log by bytes, how fast it grows, and who writes it', async () => {
      const box = await logBox();
      // First what fills it, at once: a busy machine must not give its writer time to overtake.
      box.run(
        `awk 'BEGIN { x = sprintf("%6000s", ""); gsub(/ /, "x", x); x = x x
          for (i = 0; i < 300; i++) print "2026-11-20T12:00:0" i % 10 " web[7]: connect() to 10.0.0." i " failed: Cannot assign requested address (try " i ") " x }' >${APP}`,
      );
      await box.start('python3', WRITER, APP, 'append', '1000', '30000');
      // The writer goes on meanwhile, so the share falls: what was seen lies between.
      const share = (): number =>
        Number(
          box.run(
            `LC_ALL=C awk '/Cannot assign/ { b += length($0) + 1 } { t += length($0) + 1 } END { print b / t }' ${APP}`,
          ),
        );
      const before = share();
      const { get, codes, result } = look(box, { path: APP }, { shell });
      const after = share();
      expect(codes).toContain('dominant-template');
      const { data, detail, next, fixes } = get('dominant-template');
      expect(Number(data['bytesShare'])).toBeLessThan(before + 0.03);
      expect(Number(data['bytesShare'])).toBeGreaterThan(after - 0.03);
      expect(Number(data['linesShare'])).toBeLessThan(0.05);
      expect(Number(data['averageLineBytes'])).toBeGreaterThan(11_500);
      expect(data).toMatchObject({ process: 'python3', path: APP });
      expect(Number(data['bytesPerSecond'])).toBeGreaterThan(10_000);
      expect(detail).toContain('by its size, looked at twice');
      expect(next).toEqual([{ diagnostic: 'ports', params: {} }]);
      // 4.7 MB of a disk of 96 MB.
      expect(fixes).toEqual([]);
      expect(get('known-error').data).toEqual({ path: APP, error: 'EADDRNOTAVAIL', next: 'ports' });
      expect(result.stdout.length).toBeLessThan(200_000);
    });

    it('finds the stanza of logrotate that renames a log without telling its writer', async ({
      skip,
    }) => {
      if (!existsSync('/usr/sbin/logrotate')) skip('logrotate is not installed');
      const box = await logBox();
      await box.start('python3', WRITER, APP, 'append', '3000', '2000');
      box.run(`printf '# app\\n"/var/log/other.log"\\n/var/log/app*.log\\t/var/log/x.log {\\n  daily\\n  missingok\\n  rotate 3\\n}\\n' >/etc/logrotate.d/app
        logrotate --state ${box.directory}/state -f /etc/logrotate.conf`);
      const renamed = look(box, {}, { shell }).get('rotated-without-reopen');
      expect(renamed.title).toMatch(
        /^python3 \(pid \d+\) still writes to `\/var\/log\/app\.log\.1` \(renamed, 3\.\d MB\): logrotate/,
      );
      const stanza = '"/var/log/other.log" /var/log/app*.log /var/log/x.log';
      expect(renamed.data).toMatchObject({
        path: '/var/log/app.log.1',
        process: 'python3',
        config: '/etc/logrotate.d/app',
        stanza,
        append: true,
        deleted: false,
      });
      expect(renamed.fixes).toEqual([
        { fix: 'logrotate-copytruncate', params: { config: '/etc/logrotate.d/app', stanza } },
      ]);
      expect(renamed.detail).toContain('A new `/var/log/app.log` lies in its place.');

      // Compressed, it is gone, and its space is not.
      box.run(
        `gzip -c ${APP}.1 >${APP}.1.gz 2>/dev/null; rm ${APP}.1; sed -i 's/daily/daily\\n  compress/' /etc/logrotate.d/app`,
      );
      const deleted = look(box, { path: APP }, { shell }).get('rotated-without-reopen');
      expect(deleted.data).toMatchObject({ path: `${APP}.1`, deleted: true, stanza });
      const facts = box
        .run(
          `stat -L -c '%Hd:%Ld %i' /proc/${String(deleted.data['pid'])}/fd/${String(deleted.data['fd'])}`,
        )
        .trim()
        .split(' ');
      const [device, inode] = [facts[0], Number(facts[1])];
      expect(deleted.fixes[0]).toEqual({
        fix: 'truncate-deleted-file',
        params: { pid: deleted.data['pid'], fd: deleted.data['fd'], inode, device },
      });
      expect(deleted.fixes[1]?.fix).toBe('logrotate-copytruncate');
    });

    it('picks by itself the logs that are large or grow, and says which', async () => {
      const box = await logBox();
      await box.start('python3', WRITER, '/srv/busy.log', 'plain', '100', '400000');
      box.run(`seq -f 'line %g of a batch that ran' 600000 >/var/log/batch.log; echo hello >/var/log/small.log
        head -c 3000000 /dev/urandom | gzip >/var/log/old.gz; cp /var/log/small.log /var/log/third.log; cp /var/log/small.log /var/log/fourth.log`);
      const { get, coverage, findings } = look(box, {}, { shell });
      const paths = findings
        .filter((one) => one.code === 'logs.dominant-template')
        .map((one) => one.subject);
      expect(paths).toContain('/var/log/batch.log');
      expect(get('dominant-template').detail).toMatch(/Looked at the 4 of \d+ logs/);
      const note = coverage.notes.join();
      expect(note).toMatch(/4 of \d+ logs looked at: /);
      for (const name of ['/srv/busy.log', '/var/log/batch.log']) expect(note).toContain(name);
      expect(coverage.notes.join()).not.toContain('old.gz');
    });

    it('reads the log of a container by its name or id, out of its wrapping', async () => {
      const box = await logBox();
      const id = 'c0ffee'.padEnd(64, '7');
      box.run(`mount -t tmpfs tmpfs /var/lib; mkdir -p /var/lib/docker/containers/${id}; chmod 710 /var/lib/docker/containers; cd /var/lib/docker/containers/${id}
        i=0; while [ $i -lt 500 ]; do printf '{"log":"GET \\\\"/a\\\\" %s No space left on device\\\\n","stream":"stderr","time":"2026-11-20T12:00:%02d.5Z"}\\n' $i $((i / 10 % 60)); i=$((i + 1)); done >${id}-json.log
        printf '%s' '{"Config":{"Env":["X={\\"Name\\":\\"/no\\"}"]},"Name":"/web"}' >config.v2.json`);
      // Anybody may call a process dockerd, and give it any words.
      box.run(
        `printf '#!/bin/sh\\necho ready; sleep 600; :\\n' >/srv/dockerd; chmod 755 /srv/dockerd`,
      );
      const nobody = ['setpriv', '--reuid=65534', '--clear-groups'] as const;
      await box.start(...nobody, '/srv/dockerd', '--data-root=/srv');
      for (const container of ['web', id.slice(0, 12)]) {
        const { get } = look(box, { container }, { shell });
        expect(get('dominant-template').data).toMatchObject({
          container: 'web',
          template: 'GET "<text>" <n> No space left on device',
          bytesShare: 1,
        });
        expect(get('dominant-template').data['bytesPerSecond']).toBeGreaterThan(500);
        expect(get('known-error').data).toMatchObject({ error: 'ENOSPC', next: 'disk' });
      }
      expect(look(box, { container: 'no' }, { shell }).get('coverage').title).toBe(
        'No container of docker on this host has the name or id `no`',
      );
      const plain = look(box, { container: 'web' }, { shell, user: 'plain' });
      expect(plain.codes).toEqual(['coverage']);
      expect(plain.get('coverage').title).toBe(
        'The logs of containers cannot be read without more rights: `web` was not looked for',
      );
    });

    it('says what it cannot see without privilege, and tells what it can', async () => {
      const box = await logBox();
      await box.start('python3', WRITER, APP, 'append', '200');
      box.run(
        'mkdir -m 700 /var/log/private; echo x >/var/log/closed.log; chmod 600 /var/log/closed.log',
      );
      const asked = look(box, { path: APP }, { shell, user: 'plain' });
      expect(asked.codes).toEqual(['dominant-template']);
      expect(asked.get('dominant-template').detail).toMatch(
        /Who writes it could not be seen: \d+ of \d+ processes readable/,
      );
      const alone = look(box, {}, { shell, user: 'plain' });
      expect(alone.get('coverage').title).toMatch(
        /^Not every log could be looked at: \d+ of \d+ processes readable; 1 directory below \/var\/log unreadable; 1 log below \/var\/log unreadable/,
      );
      expect(
        look(box, { path: '/var/log/closed.log' }, { shell, user: 'plain' }).get('coverage').title,
      ).toBe('`/var/log/closed.log` cannot be read without more rights');
      expect(
        look(box, { path: '/var/log/private/x' }, { shell, user: 'plain' }).get('coverage').title,
      ).toBe('`/var/log/private/x` cannot be reached without more rights');
      box.run('mount -o remount,hidepid=2 /proc');
      expect(look(box, {}, { shell, user: 'plain' }).get('coverage').title).toContain(
        'hidden (hidepid)',
      );
      expect(look(box, { path: APP }, { shell }).get('dominant-template').data).toMatchObject({
        process: 'python3',
      });
    });
  });

  it.skipIf(!existsSync(JOURNALD)).each(['dash', 'busybox'] as const)(
    'reads the journal of a unit, and says when it may not, with %s',
    async (shell) => {
      const box = await logBox();
      // Fields of the journal by which `journalctl --unit` finds what others say about a unit.
      const fields = 'COREDUMP_UNIT=app.service\\nOBJECT_SYSTEMD_UNIT=app.service';
      box.run(`mount -t tmpfs tmpfs /run; mkdir -p /run/log/journal; (exec ${JOURNALD} >/dev/null 2>&1 &)
        i=0; while ! [ -S /run/systemd/journal/socket ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
        for i in $(seq 20); do printf 'MESSAGE=worker %s: No space left on device\\n${fields}\\n' $i | logger --journald; done
        i=0; while [ "$(journalctl -q --unit app.service | wc -l)" -lt 20 ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done`);
      const { get } = look(box, { unit: 'app.service' }, { shell });
      const { data } = get('dominant-template');
      expect(data).toMatchObject({ path: 'unit app.service', bytesShare: 1 });
      expect(data['template']).toMatch(/worker <n>: No space left on device$/);
      expect(get('known-error').data).toMatchObject({ error: 'ENOSPC' });
      const title = (unit: string, user: 'root' | 'plain'): string =>
        look(box, { unit }, { shell, user }).get('coverage').title;
      expect(title('app.service', 'plain')).toBe(
        'The journal of `unit app.service` shows nothing to this account',
      );
      expect(title('nginx.service', 'root')).toBe(
        'The journal has no line of `unit nginx.service`',
      );
    },
  );
});
