import type { NextStep } from '../../../core/finding.ts';
import { quote } from './words.ts';

/** What a control group stands for, as far as its path tells. */
export interface Owner {
  readonly container?: string;
  readonly unit?: string;
}

/** docker, containerd, CRI-O and podman put the id of 64 digits into the path; LXC the name; systemd the unit. */
export function ownerOf(path: string | undefined): Owner {
  if (path === undefined) return {};
  const [, id] = /(?:^|[/:.-])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/.exec(path) ?? [];
  if (id !== undefined) return { container: id.slice(0, 12) };
  const [, lxc] = /\/lxc(?:\.payload)?[./]([^/]+)/.exec(path) ?? [];
  if (lxc !== undefined) return { container: lxc };
  const unit = path
    .split('/')
    .findLast((part) => part.endsWith('.service') && !/^user@\d+\.service$/.test(part));
  return unit === undefined ? {} : { unit };
}

/** ` of container \`abc\``, or nothing. */
export function ofOwner({ container, unit }: Owner): string {
  if (container !== undefined) return ` of container ${quote(container)}`;
  return unit === undefined ? '' : ` of ${quote(unit)}`;
}

/** The control group as a person calls it. */
export function groupWords(path: string): string {
  const { container, unit } = ownerOf(path);
  if (container !== undefined) return `Container ${quote(container)}`;
  return unit === undefined ? `Control group ${quote(path)}` : `Unit ${quote(unit)}`;
}

/** `logs` of whoever it is. A name with escapes cannot be handed on. */
export function logsOf({ container, unit }: Owner): readonly NextStep[] {
  if (container !== undefined && !container.includes('\\')) {
    return [{ diagnostic: 'logs', params: { container } }];
  }
  if (unit !== undefined && !unit.includes('\\')) {
    return [{ diagnostic: 'logs', params: { unit } }];
  }
  return [];
}
