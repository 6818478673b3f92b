import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stepOf } from '../support/deleted-file-lab.ts';
import { boxRemote, lookAt, planOf, runAll } from '../support/fix-runs.ts';
import { CONFIG, hasLogrotateBox, LogrotateLab } from '../support/logrotate-lab.ts';

/** Positions in the argv of `keep` and `edit`. */
const AT = { boot: 6, config: 7, facts: 8, sha256: 9, copy: 10, after: 11, drop: 12, bytes: 14 };

describe.skipIf(!hasLogrotateBox()).each(['dash', 'busybox'] as const)(
  'logrotate-copytruncate under attack, with %s',
  (shell) => {
    let lab: LogrotateLab;
    beforeAll(async () => {
      lab = await LogrotateLab.create();
    });
    beforeEach(() => lab.configure());
    afterAll(() => lab.close());

    it.each([
      ['another boot', AT.boot, '00000000-0000-0000-0000-000000000000', /started again/],
      ['another inode', AT.facts, '1 2 1 81a4 0 0', /another file now/],
      ['another content', AT.sha256, 'f'.repeat(64), /was changed since/],
      ['a path that leads elsewhere', AT.config, '/proc/self/root/etc/passwd', /cannot be reached/],
    ] as const)(
      'refuses %s, keeps nothing and changes nothing',
      async (_what, at, value, words) => {
        const remote = boxRemote(lab.box, { shell });
        const plan = await planOf(remote, lab.fix());
        const { codes, said, printed } = await runAll(remote, [
          stepOf(plan, 'claim'),
          stepOf(plan, 'keep', { [at]: value }),
          stepOf(plan, 'edit', { [at]: value }),
        ]);
        expect(codes).toEqual([0, 65, 65]);
        expect(said.trim().split('\n')).toEqual([
          expect.stringMatching(words),
          expect.stringMatching(words),
        ]);
        expect(printed).toEqual(['', '', '']);
        expect(lab.read()).toBe(lab.stanza());
      },
    );

    it.each([
      ['edited', `echo '# edited' >>${CONFIG}`, /was changed since/],
      [
        'replaced by an equal file',
        `cp ${CONFIG} /tmp/x.$$; mv /tmp/x.$$ ${CONFIG}`,
        /another file/,
      ],
      ['replaced by a link', `mv ${CONFIG} ${CONFIG}~; ln -s docker~ ${CONFIG}`, /link/],
      ['given away', `chown 65534 ${CONFIG}`, /owner or mode changed/],
      ['opened to others', `chmod 666 ${CONFIG}`, /owner or mode changed/],
      ['removed', `rm ${CONFIG}`, /missing/],
      ['put into a directory of others', 'chmod 777 /etc/logrotate.d', /writable by others/],
    ] as const)('does nothing to a file that was %s after planning', async (_what, how, words) => {
      const remote = boxRemote(lab.box, { shell });
      const plan = await planOf(remote, lab.fix());
      expect((await runAll(remote, plan.steps.slice(0, 2))).codes).toEqual([0, 0]);
      lab.box.run(how);
      const listing = 'cat /etc/logrotate.d/*; ls -lA /etc/logrotate.d';
      const before = lab.box.run(`{ ${listing}; } 2>&1 || :`);
      const { codes, said } = await runAll(remote, plan.steps.slice(2));
      expect([codes, said]).toEqual([[65], expect.stringMatching(words)]);
      expect(lab.box.run(`{ ${listing}; } 2>&1 || :`)).toBe(before);
      lab.box.run('chmod 755 /etc/logrotate.d');
    });

    it('is refused at planning for what logrotate or Housecall would not trust', async () => {
      const remote = boxRemote(lab.box, { shell });
      const why = async (how: string, run = lab.fix()): Promise<unknown> => {
        lab.configure();
        lab.box.run(how);
        const { plan } = await lookAt(remote, run);
        lab.box.run('chmod 755 /etc/logrotate.d');
        return plan;
      };
      expect(await why(`chmod 664 ${CONFIG}`)).toMatch(/others may write it \(mode 664\)/);
      expect(await why(`chown 65534 ${CONFIG}`)).toMatch(/belongs to uid 65534/);
      expect(await why('chmod 777 /etc/logrotate.d')).toMatch(/others could replace it/);
      expect(await why(`ln ${CONFIG} /etc/logrotate.d/b`)).toMatch(/it has 2 names/);
      expect(await why(`mv ${CONFIG} ${CONFIG}2; ln -s docker2 ${CONFIG}`)).toMatch(
        /symbolic link/,
      );
      expect(await why(`rm ${CONFIG}; mkfifo ${CONFIG}`)).toMatch(/no regular file/);
      expect(await why(`rm ${CONFIG}`)).toMatch(/there is no such file/);
      expect(await why(`printf '\\377' >>${CONFIG}`)).toMatch(/no UTF-8/);
      expect(await why(`head -c 70000 /dev/zero | tr '\\0' '#' >>${CONFIG}`)).toMatch(/64 KiB/);
      const taboo = lab.fix(lab.log, `${CONFIG}.dpkg-old`);
      expect(await why(`mv ${CONFIG} ${CONFIG}.dpkg-old`, taboo)).toMatch(/of this name/);
      const other = lab.fix(lab.log, '/etc/passwd');
      expect(await why(':', other)).toMatch(/logrotate does not read it/);
    });

    it('says so on a read-only file system, and when it became one', async () => {
      const remote = boxRemote(lab.box, { shell });
      const plan = await planOf(remote, lab.fix());
      await runAll(remote, plan.steps.slice(0, 2));
      lab.box.run('mount -o remount,ro /etc/logrotate.d');
      try {
        expect((await lookAt(remote, lab.fix())).plan).toMatch(/its file system is read-only/);
        const { codes, said } = await runAll(remote, plan.steps.slice(2));
        expect([codes, said]).toEqual([[74], expect.stringMatching(/no new file could be made/)]);
      } finally {
        lab.box.run('mount -o remount,rw /etc/logrotate.d');
      }
      expect(lab.read()).toBe(lab.stanza());
    });

    it('leaves the file whole when the disk is full', async () => {
      const remote = boxRemote(lab.box, { shell });
      const plan = await planOf(remote, lab.fix());
      await runAll(remote, plan.steps.slice(0, 2));
      lab.box.run(
        'mount -o remount,size=8k /etc/logrotate.d; cp -p /etc/logrotate.d/docker /etc/logrotate.d/full',
      );
      try {
        expect((await runAll(remote, plan.steps.slice(2))).codes).toEqual([74]);
        expect(lab.box.run('ls -A /etc/logrotate.d')).toBe('docker\nfull\n');
      } finally {
        lab.box.run('mount -o remount,size=50% /etc/logrotate.d');
      }
      expect(lab.read()).toBe(lab.stanza());
    });

    it('changes nothing that was not kept, nor what it would not make as approved', async () => {
      const remote = boxRemote(lab.box, { shell });
      const first = await planOf(remote, lab.fix());
      const bare = await runAll(remote, [stepOf(first, 'claim'), stepOf(first, 'edit')]);
      expect([bare.codes, bare.said]).toEqual([[0, 74], expect.stringMatching(/there is no copy/)]);
      const forged: readonly Record<number, string>[] = [{ [AT.bytes]: '1' }, { [AT.drop]: '2' }];
      for (const one of forged) {
        const plan = await planOf(remote, lab.fix());
        const { codes, said } = await runAll(remote, [
          ...plan.steps.slice(0, 2),
          stepOf(plan, 'edit', one),
        ]);
        expect([codes, said]).toEqual([[0, 0, 74], expect.stringMatching(/not as approved/)]);
      }
      expect(lab.read()).toBe(lab.stanza());
      expect(lab.box.run('ls -A /etc/logrotate.d')).toBe('docker\n');
    });

    it('changes nothing when logrotate -d refuses the new file, and puts the old one back', async () => {
      const remote = boxRemote(lab.box, { shell });
      const program = lab.box.run('command -v logrotate').trim();
      const fake = `${lab.box.directory}/refusing`;
      const play = async (script: string): Promise<{ codes: unknown; said: string }> => {
        lab.configure();
        const plan = await planOf(remote, lab.fix());
        await runAll(remote, plan.steps.slice(0, 2));
        lab.box.run(`cat >${fake} <<'END'\n#!/bin/sh\n${script}\nEND
          chmod 755 ${fake}; mount --bind ${fake} ${program}`);
        try {
          return await runAll(remote, plan.steps.slice(2));
        } finally {
          lab.box.run(`umount ${program}`);
        }
      };
      const early = await play('case $2 in *.dpkg-new) echo "error: unknown option" ;; esac');
      expect([early.codes, early.said]).toEqual([[74], expect.stringMatching(/refuses the new/)]);
      expect(lab.read()).toBe(lab.stanza());
      const late = await play(`grep -q '^.copytruncate' ${CONFIG} && echo "error: it is there"`);
      expect([late.codes, late.said]).toEqual([[74], expect.stringMatching(/old file is back/)]);
      expect(lab.read()).toBe(lab.stanza());
      expect(lab.box.run(`ls -A /etc/logrotate.d; stat -c '%a %u' ${CONFIG}`)).toBe(
        'docker\n644 0\n',
      );
    });

    it('runs nothing in a hostile name or stanza', async () => {
      const remote = boxRemote(lab.box, { shell });
      const name = `a'"$(touch pwned)\`touch pwned\`; *[31m`;
      const header = `${lab.log} "/var/log/$(touch pwned)'\`touch pwned\`.log"`;
      const config = `/etc/logrotate.d/${name}`;
      lab.configure(lab.stanza().replace(lab.log, header));
      lab.box.run(
        `cd /etc/logrotate.d; mv docker "$(printf '%s' '${name.replaceAll("'", `'\\''`)}')"`,
      );
      const run = lab.fix(header, config);
      const before = await lookAt(remote, run);
      const plan = await planOf(remote, run);
      const { codes, said } = await runAll(remote, plan.steps);
      expect({ codes, said }).toEqual({ codes: [0, 0, 0], said: '' });
      expect((await lookAt(remote, run)).verify(before.state).outcome).toBe('verified');
      lab.box.run(plan.steps[2]?.undo ?? 'false');
      lab.box.run(plan.steps[2]?.equivalent ?? 'false');
      expect((await lookAt(remote, run)).plan).toMatch(/copytruncate already/);
      const pwned = `ls -d /pwned /etc/logrotate.d/pwned ${lab.box.directory}/pwned 2>/dev/null || :`;
      expect(lab.box.run(pwned)).toBe('');
    });

    it('does nothing when sudo is lost', async () => {
      const remote = boxRemote(lab.box, { shell });
      const plain = boxRemote(lab.box, { shell, user: 'plain' });
      const run = { ...lab.fix(), save: `/var/tmp/${lab.fix().fix}` };
      lab.box.run('mount -t tmpfs -o mode=1777 none /var/tmp');
      try {
        const plan = await planOf(remote, run);
        expect((await lookAt(plain, run)).plan).toMatch(/cannot be written as uid 65534/);
        expect((await runAll(remote, plan.steps.slice(0, 1))).codes).toEqual([0]);
        expect((await runAll(plain, plan.steps)).codes).toEqual([73, 73, 73]);
        expect(lab.read()).toBe(lab.stanza());
      } finally {
        lab.box.run('umount /var/tmp');
      }
    });

    it('removes its new file when it is stopped in the middle', async () => {
      const remote = boxRemote(lab.box, { shell });
      const plan = await planOf(remote, lab.fix());
      await runAll(remote, plan.steps.slice(0, 2));
      const program = lab.box.run('command -v logrotate').trim();
      const fake = `${lab.box.directory}/stopping`;
      const mark = `${plan.identity['claim']}/claims/${plan.steps[0]?.argv[4]}/status`;
      lab.box.run(`printf '#!/bin/sh\\nkill -TERM "$(cut -d" " -f3 ${mark})"\\nsleep 1\\n' >${fake}
        chmod 755 ${fake}; mount --bind ${fake} ${program}`);
      try {
        expect((await runAll(remote, plan.steps.slice(2))).codes).toEqual([143]);
      } finally {
        lab.box.run(`umount ${program}`);
      }
      expect(lab.read()).toBe(lab.stanza());
      expect(lab.box.run('ls -A /etc/logrotate.d')).toBe('docker\n');
    });
  },
);
