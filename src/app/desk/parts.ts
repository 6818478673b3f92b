import type { Route } from '../../core/alert-route.ts';
import type { Roles } from '../../core/approval/roles.ts';
import type { Reach } from '../../core/escalation/page-rows.ts';
import type { Inventory } from '../../core/fleet/host.ts';
import type { Diagnostic } from '../../diagnostics/contract.ts';
import type { Fix } from '../../fixes/contract.ts';
import type { Chat } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Hashing } from '../../ports/hashing.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { Journal } from '../../ports/journal.ts';
import type { PastIncidents } from '../../ports/past-incidents.ts';
import type { RoomLog } from '../../ports/room-log.ts';
import type { InviteBySeverity } from '../../workflows/incident/invite-rows.ts';
import type { AddressBook } from '../../workflows/paging/address-book.ts';

/** What answering people needs. */
export interface DeskParts {
  readonly journal: Journal;
  readonly roomLog: Pick<RoomLog, 'about'>;
  readonly clock: Clock;
  readonly hashing: Hashing;
  readonly queue: Pick<JobQueue, 'cancelRun'>;
  readonly diagnostics: readonly Diagnostic[];
  readonly fixes: readonly Fix[];
  readonly inventory: Inventory;
  readonly channelPrefix: string;
  readonly announceChannel: string;
  readonly routes: readonly Route[];
  /** Who is invited by severity, besides those of a route. */
  readonly inviteBySeverity: InviteBySeverity;
  readonly past: PastIncidents;
  readonly book: AddressBook;
  readonly chat: Pick<Chat, 'join'>;
  readonly reach: Reach;
  /** Alert sources that can be told what people decided here. */
  readonly tellable: ReadonlySet<string>;
  readonly redact: (text: string) => string;
  /** Roles with user groups resolved now. */
  readonly roles: () => Promise<Roles>;
}
