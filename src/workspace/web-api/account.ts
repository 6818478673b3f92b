import { randomBytes } from 'node:crypto';
import { checkBlocks } from '../blocks/check-blocks.ts';
import type { Json } from '../json.ts';
import { type Call, type MethodTable, Refusal, refusal, structuredList, text } from './method.ts';

/** Methods about the app and the workspace itself. `openSocket` issues a Socket Mode ticket. */
export function accountMethods(openSocket: (ticket: string) => string): MethodTable {
  return {
    'api.test': { token: 'none', run: apiTest },
    'auth.test': { run: authTest },
    'team.info': { scopes: ['team:read'], run: teamInfo },
    'blocks.validate': { token: 'none', run: validateBlocks },
    'apps.connections.open': {
      token: 'app',
      run: () => ({ url: openSocket(randomBytes(16).toString('hex')) }),
    },
  };
}

function apiTest(call: Call): Json {
  const error = text(call, 'error');
  if (error !== undefined) throw new Refusal(error, { args: call.args });
  return { args: call.args };
}

function authTest(call: Call): Json {
  const { state } = call.context;
  return {
    url: `${call.context.baseUrl()}/`,
    team: state.team.name,
    user: state.bot.name,
    team_id: state.team.id,
    user_id: state.bot.id,
    bot_id: state.bot.botId,
    is_enterprise_install: false,
  };
}

function teamInfo(call: Call): Json {
  const { team } = call.context.state;
  return {
    team: { id: team.id, name: team.name, domain: team.domain, email_domain: '', icon: {} },
  };
}

function validateBlocks(call: Call): Json {
  const blocks = structuredList(call, 'blocks', 'invalid_blocks_format') ?? [];
  const verdict = checkBlocks(blocks, 'message');
  if (verdict.error !== null) throw refusal(verdict.error, verdict.messages);
  return {};
}
