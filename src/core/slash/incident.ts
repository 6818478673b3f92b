import type { IncidentRole, Severity } from '../incident/event.ts';

/** What `/incident …` asks for. `incident` null: the one whose channel this is. */
export type IncidentCommand =
  | { readonly kind: 'help' | 'list' }
  | {
      readonly kind: 'open';
      readonly title: string;
      readonly severity: Severity | null;
      readonly hosts: string | null;
      /** The channel where this is said becomes the room. */
      readonly here: boolean;
      readonly private: boolean;
    }
  | {
      readonly kind: 'ack' | 'unack' | 'status' | 'close' | 'timeline';
      readonly incident: string | null;
    }
  | { readonly kind: 'merge'; readonly incident: string | null; readonly from: string }
  | {
      readonly kind: 'role';
      readonly incident: string | null;
      readonly role: IncidentRole;
      /** Slack user id; `me`: who asks; null: nobody any more. */
      readonly user: string | null;
    }
  | {
      readonly kind: 'update';
      readonly incident: string | null;
      readonly text: string;
      /** When the next update is promised, from now. */
      readonly etaMinutes: number | null;
    }
  | {
      readonly kind: 'page';
      readonly incident: string | null;
      /** Slack user and user group ids. */
      readonly people: readonly string[];
    }
  | {
      readonly kind: 'resolve' | 'reopen' | 'mitigate';
      readonly incident: string | null;
      readonly reason: string;
    }
  | { readonly kind: 'freeze' | 'unfreeze'; readonly reason: string }
  | { readonly kind: 'severity'; readonly incident: string | null; readonly severity: Severity }
  | {
      readonly kind: 'hosts';
      readonly incident: string | null;
      readonly change: 'add' | 'remove';
      readonly targets: string;
    };

/** Subcommands with their usage, in the order help shows them. */
export const INCIDENT_USAGE = {
  open: 'open <title> [sev=SEV2] [hosts=host-17,@web] [room=here|private=yes]',
  ack: 'ack',
  unack: 'unack',
  status: 'status',
  severity: 'severity SEV1',
  role: 'role commander @ada',
  hosts: 'hosts add|remove host-17',
  update: 'update <text> [eta=30m]',
  page: 'page @ada',
  timeline: 'timeline',
  merge: 'merge 20261120-7',
  mitigate: 'mitigate [reason]',
  resolve: 'resolve [reason]',
  reopen: 'reopen [reason]',
  close: 'close',
  list: 'list',
  freeze: 'freeze [reason]',
  unfreeze: 'unfreeze [reason]',
} as const;
