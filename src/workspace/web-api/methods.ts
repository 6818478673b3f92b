import { accountMethods } from './account.ts';
import { canvasMethods } from './canvases.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { historyMethods } from './history.ts';
import { markMethods } from './marks.ts';
import type { MethodTable } from './method.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

/** Every method that this workspace knows; all others answer `unknown_method`. */
export function createMethods(openSocket: (ticket: string) => string): MethodTable {
  return {
    ...accountMethods(openSocket),
    ...canvasMethods,
    ...chatMethods,
    ...conversationMethods,
    ...fileMethods,
    ...historyMethods,
    ...markMethods,
    ...userMethods,
    ...viewMethods,
  };
}
