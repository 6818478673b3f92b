import type { ArchiveInput } from './archive-input.ts';
import type { Story } from './story.ts';
import type { Telling } from './telling.ts';

/** What every section of the draft needs. */
export interface PostmortemTelling extends Telling {
  readonly story: Story;
  /** Like `line`, for what Housecall's own sentences say: what they put between backticks is code. */
  readonly words: (text: string) => string;
  readonly input: ArchiveInput;
}
