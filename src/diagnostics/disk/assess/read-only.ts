import type { Finding } from '../../../core/finding.ts';
import type { Mount } from '../reading.ts';
import { brokenReadOnly } from './file-system.ts';
import { evidence, quote } from './words.ts';

/** Read-only although nobody wanted that. What fstab or the mount itself declares read-only is no finding. */
export function readOnly(mount: Mount): Finding[] {
  const broken = brokenReadOnly(mount);
  const doubtful =
    mount.kind === 'local' &&
    mount.readOnlyMount &&
    (mount.fstab === 'rw' || (mount.fstab === 'none' && mount.errorsRemount));
  if (!broken && !doubtful) return [];
  const name = quote(mount.mountpoint);
  return [
    {
      code: 'disk.read-only',
      status: broken ? 'critical' : 'warning',
      subject: mount.mountpoint,
      title: broken
        ? `${name} was made read-only by the kernel: every write fails`
        : `${name} is mounted read-only${mount.fstab === 'rw' ? ' although fstab has it writable' : ''}`,
      detail: broken
        ? `The mount is writable but the ${mount.type} file system below it (${quote(mount.source)}) is not: the kernel does that after an error on the device or in the file system. Read the kernel log for the error and check the disk before remounting.`
        : `Somebody remounted it, or ${quote(mount.source)} had an error at boot (errors=remount-ro). If it is meant to be so, write "ro" in fstab.`,
      data: { mount: mount.mountpoint, device: mount.source, certain: broken },
      evidence: [
        evidence(
          ['grep', '-F', mount.mountpoint, '/proc/self/mountinfo'],
          `${mount.device} ${mount.mountpoint} ${mount.readOnlyMount ? 'ro' : 'rw'} - ${mount.type} ${mount.source} ${mount.readOnlySuper ? 'ro' : 'rw'}${mount.errorsRemount ? ',errors=remount-ro' : ''}`,
        ),
      ],
      fixes: [],
      next: [{ diagnostic: 'vitals', params: {} }],
    },
  ];
}
