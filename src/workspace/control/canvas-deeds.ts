import { createCanvas, deleteCanvas, plainText, spliceSections } from '../canvases.ts';
import type { Context } from '../context.ts';
import type { Channel, User } from '../model.ts';
import { type Control, WorkspaceError } from './control.ts';

type Deeds = Pick<Control, 'writeCanvas' | 'deleteCanvas'>;
type Writer = (user: string, channel: string) => { user: User; channel: Channel };

/** What people do to the canvas of a channel. */
export function createCanvasDeeds(context: Context, writer: Writer): Deeds {
  return {
    writeCanvas: (user, channelName, markdown) => {
      const { channel } = writer(user, channelName);
      const { canvas } = channel;
      if (canvas === undefined) createCanvas(context, channel, { title: '', markdown });
      else {
        const at = canvas.sections.length;
        spliceSections(context, { canvas, channel }, { at, count: 0, markdown });
      }
    },
    deleteCanvas: (user, channelName, containing) => {
      const { channel } = writer(user, channelName);
      const { canvas } = channel;
      if (canvas === undefined) {
        throw new WorkspaceError('canvas_not_found', `canvas of #${channel.name}`);
      }
      if (containing === undefined) {
        deleteCanvas(context, channel);
        return;
      }
      const at = canvas.sections.findIndex(({ markdown }) =>
        plainText(markdown).includes(containing),
      );
      if (at < 0) throw new WorkspaceError('section_not_found', `canvas of #${channel.name}`);
      spliceSections(context, { canvas, channel }, { at, count: 1, markdown: '' });
    },
  };
}
