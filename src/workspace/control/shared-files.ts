import type { Context } from '../context.ts';
import { messageEvent } from '../message-json.ts';
import { addMessage, tellEdited, tellShared } from '../messages.ts';
import type { Channel, SlackFile, User } from '../model.ts';
import { type Control, WorkspaceError } from './control.ts';
import { seenMessage } from './look.ts';

type Deeds = Pick<Control, 'share' | 'deleteFile'>;
type Writer = (user: string, channel: string) => { user: User; channel: Channel };

/** Files that people share, and take away again. */
export function createSharedFiles(context: Context, writer: Writer): Deeds {
  const { state } = context;
  return {
    share: (user, channel, shared) => {
      const who = writer(user, channel);
      const { name, text = '', thread } = shared;
      const content = Buffer.from(shared.content);
      const file: SlackFile = {
        id: state.nextId('F'),
        name,
        title: name,
        length: content.length,
        user: who.user.id,
        created: Math.floor(context.now() / 1000),
        uploadSecret: '',
        content,
        completed: true,
        shares: [],
      };
      state.files.set(file.id, file);
      const place = thread === undefined ? {} : { threadTs: thread };
      const message = addMessage(context, who.channel, {
        user: who.user.id,
        text,
        files: [file.id],
        subtype: 'file_share',
        ...place,
      });
      file.shares.push({ channel: who.channel.id, ts: message.ts, ...place });
      tellShared(context, who.channel, file);
      return seenMessage(context, who.channel, message);
    },
    deleteFile: (user, id) => {
      const file = state.files.get(id);
      if (!file || file.isDeleted) throw new WorkspaceError('file_not_found', `file ${id}`);
      for (const share of file.shares) {
        const { channel } = writer(user, share.channel);
        const message = channel.messages.find((one) => one.ts === share.ts);
        if (!message) continue;
        const previous = messageEvent(context, channel, message);
        file.isDeleted = true;
        delete file.content;
        tellEdited(context, channel, { message, previous, ts: state.nextTs() });
      }
    },
  };
}
