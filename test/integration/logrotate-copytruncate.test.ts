import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimProbe, parseClaim } from '../../src/core/approval/claim.ts';
import { boxRemote, lookAt, planOf, runAll } from '../support/fix-runs.ts';
import { CONFIG, hasLogrotateBox, LogrotateLab } from '../support/logrotate-lab.ts';

describe.skipIf(!hasLogrotateBox()).each(['dash', 'bash', 'busybox'] as const)(
  'logrotate-copytruncate with the real logrotate under %s',
  (shell) => {
    let lab: LogrotateLab;
    beforeAll(async () => {
      lab = await LogrotateLab.create();
    });
    beforeEach(() => lab.configure());
    afterAll(() => lab.close());

    it('ends what filled the disk: rotation no longer leaves the writer on a lost file', async () => {
      const remote = boxRemote(lab.box, { shell });
      await lab.writer();
      try {
        lab.rotate();
        expect(lab.written()).toBe(`${lab.log}.1`);
        lab.rotate();
        expect(lab.written()).toBe(`${lab.log}.2`);
      } finally {
        lab.endWriter();
      }
      await lab.writer();
      try {
        const run = lab.fix();
        const plan = await planOf(remote, run);
        expect((await runAll(remote, plan.steps)).codes).toEqual([0, 0, 0]);
        lab.rotate();
        lab.rotate();
        expect(lab.written()).toBe(lab.log);
        expect(lab.box.run(`sleep 0.2; wc -c <${lab.log}`).trim()).not.toBe('0');
      } finally {
        lab.endWriter();
      }
    });

    it('adds the line, keeps the old file, verifies it, and does nothing the second time', async () => {
      const remote = boxRemote(lab.box, { shell });
      const old = `# rotates\n${lab.stanza()}\n/var/log/other.log {\n  weekly\n  missingok\n}\n`;
      lab.configure(old);
      lab.box.run(`chmod 0640 ${CONFIG}; chgrp adm ${CONFIG}`);
      const run = lab.fix();
      const before = await lookAt(remote, run);
      const plan = await planOf(remote, run);
      const { codes, said, printed } = await runAll(remote, plan.steps);
      expect({ codes, said }).toEqual({ codes: [0, 0, 0], said: '' });
      expect(printed[1]).toBe(old);
      expect(lab.read()).toBe(old.replace('{\n\tdaily', '{\n\tcopytruncate\n\tdaily'));
      expect(lab.box.run(`stat -c '%a %U %G' ${CONFIG}; ls -A /etc/logrotate.d`)).toBe(
        '640 root adm\ndocker\n',
      );
      const saved = plan.saved.kind === 'file' ? plan.saved : null;
      expect(lab.read(saved?.path)).toBe(old);
      expect(saved?.bytes).toBe(old.length);
      expect(lab.box.run(`stat -c %a ${saved?.path}`)).toBe('600\n');
      const after = await lookAt(remote, run);
      expect(after.verify(before.state)).toEqual({
        outcome: 'verified',
        reason: 'the stanza has copytruncate, and logrotate -d finds no more errors than before',
      });
      expect(before.verify(before.state).outcome).toBe('ineffective');
      expect(after.plan).toMatch(/has copytruncate already/);
      expect((await runAll(remote, plan.steps)).codes).toEqual([75, 75, 75]);
      const asked = await remote.read('host-17', claimProbe(run.save, run.fix, 'abc'));
      expect(parseClaim(asked, 'abc')).toMatchObject({ kind: 'done', step: 'edit' });

      lab.box.run(plan.steps[2]?.undo ?? 'false');
      expect(lab.read()).toBe(old);
      expect(lab.box.run(`stat -c '%a %U' ${CONFIG}; ls -A /etc/logrotate.d`)).toBe(
        '640 root\ndocker\n',
      );
    });

    it('makes what the shown command makes', async () => {
      const remote = boxRemote(lab.box, { shell });
      lab.configure(lab.stanza('\tnocopytruncate # why?\n'));
      const plan = await planOf(remote, lab.fix());
      expect((await runAll(remote, plan.steps)).codes).toEqual([0, 0, 0]);
      const made = lab.read();
      expect(made).not.toContain('nocopytruncate');
      lab.configure(lab.stanza('\tnocopytruncate # why?\n'));
      lab.box.run(plan.steps[2]?.equivalent ?? 'false');
      expect(lab.read()).toBe(made);
    });

    it('finds a stanza whose header spans lines, in a file without a last newline', async () => {
      const remote = boxRemote(lab.box, { shell });
      const body = '{ # why\n  weekly\n  missingok }';
      lab.box.run(`printf '%s' '${lab.log}
# and
"/var/log/with blank é.log"
${body}' >${CONFIG}`);
      const run = lab.fix(`${lab.log}   "/var/log/with blank é.log"\n`);
      const before = await lookAt(remote, run);
      const plan = await planOf(remote, run);
      expect(plan.identity['line']).toBe('4');
      const { codes, said } = await runAll(remote, plan.steps);
      expect({ codes, said }).toEqual({ codes: [0, 0, 0], said: '' });
      expect(lab.read()).toMatch(/\{ # why\n {2}copytruncate\n {2}weekly\n {2}missingok \}\n$/);
      const after = await lookAt(remote, run);
      expect(after.verify(before.state).outcome).toBe('verified');
    });

    it('works where there is no logrotate, and says that nothing checked it', async () => {
      const remote = boxRemote(lab.box, { shell });
      const program = lab.box.run('command -v logrotate').trim();
      lab.box.run(`mount --bind /dev/null ${program}`);
      try {
        const run = lab.fix();
        const before = await lookAt(remote, run);
        const plan = await planOf(remote, run);
        expect(plan.preconditions.join('\n')).toMatch(/There is no logrotate on the host/);
        expect((await runAll(remote, plan.steps)).codes).toEqual([0, 0, 0]);
        const after = await lookAt(remote, run);
        expect(after.verify(before.state).reason).toMatch(/there is no logrotate to check it/);
      } finally {
        lab.box.run(`umount ${program}`);
      }
    });

    it('says to which package the file belongs', async () => {
      const remote = boxRemote(lab.box, { shell });
      lab.box.run(`mount -t tmpfs none /var/lib/dpkg/info
        echo ${CONFIG} >/var/lib/dpkg/info/docker.io:amd64.conffiles`);
      try {
        const plan = await planOf(remote, lab.fix());
        expect(plan.preconditions.join('\n')).toMatch(
          /configuration file of the package docker\.io: at its next upgrade dpkg asks/,
        );
      } finally {
        lab.box.run('umount /var/lib/dpkg/info');
      }
    });
  },
);
