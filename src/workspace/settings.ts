import type { FaultRule } from './faults.ts';
import type { User, UserGroup } from './model.ts';

export interface SlashCommand {
  /** With the slash: `/diag`. */
  readonly command: string;
  readonly description: string;
  readonly usageHint?: string;
  /** `@name` and `#channel` become `<@U…>` and `<#C…>` in the text, as in Slack. Default true. */
  readonly shouldEscape?: boolean;
}

/** A person of the workspace as a caller describes them; what is absent gets a default. */
export interface UserOption extends Partial<Omit<User, 'id' | 'name'>> {
  readonly id?: string;
  readonly name: string;
}

export interface WorkspaceOptions {
  /** 0, the default, takes a free port. The server listens on 127.0.0.1 only. */
  readonly port?: number;
  readonly teamId?: string;
  readonly teamName?: string;
  readonly users?: readonly UserOption[];
  readonly userGroups?: readonly UserGroup[];
  /** On `free`, user groups answer `plan_upgrade_required`. Default `pro`. */
  readonly plan?: 'free' | 'pro';
  /** Whether messages take `data_visualization` blocks; else they are `invalid_blocks`. Default true. */
  readonly charts?: boolean;
  /** `none`: the plan has no channel canvases; `disabled`: an administrator switched them off. Default `all`. */
  readonly canvases?: 'all' | 'none' | 'disabled';
  readonly botName?: string;
  readonly botScopes?: readonly string[];
  /** Events the app subscribed to, as in the manifest (`message.channels`, `pin_added`). */
  readonly botEvents?: readonly string[];
  readonly slashCommands?: readonly SlashCommand[];
  readonly faults?: readonly FaultRule[];
  /** Messages per channel: `strict` is one a second, `burst` (default) allows five at once, then that. */
  readonly rateLimits?: 'off' | 'burst' | 'strict';
  /**
   * Whether Slack's own lines (`channel_join`, `channel_topic` …) stand in the channels, with their
   * events, as in real Slack. Default false: tests then see just what was said.
   */
  readonly systemMessages?: boolean;
  /** Signed HTTP to this loopback address instead of Socket Mode. */
  readonly requestUrl?: string;
  /** How long an app has to acknowledge, in milliseconds. Slack's 3,000 by default. */
  readonly ackTimeoutMs?: number;
  /** Waits before each retry of an unacknowledged event. Slack's: at once, 1 minute, 5 minutes. */
  readonly eventRetryDelaysMs?: readonly number[];
  /** Life of a trigger_id; Slack's 3,000 by default. */
  readonly triggerLifeMs?: number;
  /** Life of a response_url; Slack's 30 minutes by default. */
  readonly responseUrlLifeMs?: number;
  /** Fixed tokens, for a demo that survives a restart; random by default. */
  readonly secrets?: {
    readonly botToken?: string;
    readonly appToken?: string;
    readonly signingSecret?: string;
    readonly pageToken?: string;
  };
}

/** The scopes a bot of this kind asks for; a test passes fewer to see `missing_scope`. */
export const DEFAULT_SCOPES: readonly string[] = [
  'app_mentions:read',
  'bookmarks:write',
  'bookmarks:read',
  'canvases:read',
  'canvases:write',
  'channels:history',
  'channels:join',
  'channels:manage',
  'channels:read',
  'chat:write',
  'chat:write.public',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'groups:write',
  'im:write',
  'im:history',
  'im:read',
  'metadata.message:read',
  'pins:read',
  'pins:write',
  'reactions:read',
  'reactions:write',
  'team:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
];

export const DEFAULT_EVENTS: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'channel_archive',
  'channel_rename',
  'channel_unarchive',
  'file_shared',
  'member_joined_channel',
  'member_left_channel',
  'message.channels',
  'message.groups',
  'message.im',
  'pin_added',
  'pin_removed',
  'reaction_added',
  'reaction_removed',
];

export const DEFAULT_COMMANDS: readonly SlashCommand[] = [
  {
    command: '/diag',
    description: 'Look at hosts: run a diagnostic and say what it means',
    usageHint: '<diagnostic> <targets> [key=value …] | list | hosts | help <diagnostic>',
  },
  {
    command: '/incident',
    description: 'Open and lead an incident',
    usageHint:
      'open <title> [sev=SEV2] [hosts=…] | ack | status | update <text> | page @user | resolve | close',
  },
];

export const DEFAULT_USERS: readonly UserOption[] = [
  { id: 'U0ADA00001', name: 'ada', realName: 'Ada Lovelace', title: 'on call' },
  { id: 'U0GRACE001', name: 'grace', realName: 'Grace Hopper', title: 'approver' },
  { id: 'U0LINUS001', name: 'linus', realName: 'Linus Torvalds', title: 'developer' },
];
