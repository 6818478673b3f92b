import { HousecallError } from '../../../core/errors.ts';
import type { ChatFile } from '../../../ports/chat.ts';

export async function download(file: ChatFile): Promise<Uint8Array> {
  throw new HousecallError('CHAT_REFUSED', `slack file ${file.name}: not downloaded`);
}
