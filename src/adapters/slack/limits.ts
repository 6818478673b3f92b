/**
 * What Slack takes. Sources: the reference pages of Block Kit and the Web API on docs.slack.dev, the
 * types of @slack/types 3.2.0, and reports where Slack documents nothing. Lengths are UTF-16 units.
 */
export const LIMITS = {
  /** docs.slack.dev/reference/block-kit/blocks */
  blocksPerMessage: 50,
  blocksPerView: 100,
  /**
   * All texts of one message. Undocumented (`msg_blocks_too_long`): 12,000 with room for containers
   * according to bolt-js #2509, refused at 11,341 in bolt-js #2867. Kept well below.
   */
  messageCharacters: 10_000,
  /** `chat.update` refuses a `text` over 4,000 (`msg_too_long`); ephemeral ones fail over about 3,000. */
  messageText: 3_000,
  /** Any text object. Empty ones are invalid. */
  textObject: 3_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** `action_id`, `block_id`, `callback_id`. */
  id: 255,
  url: 3_000,
  inputLabel: 2_000,
  inputHint: 2_000,
  inputLength: 3_000,
  /** docs.slack.dev/reference/block-kit/composition-objects/option-object; a value of 150 in newer pages. */
  options: 100,
  optionText: 75,
  optionValue: 75,
  viewTitle: 24,
  viewButton: 24,
  viewMetadata: 3_000,
  /** The JSON of a view: 250 KB. Texts far below, because their UTF-8 and the JSON around them count. */
  viewBytes: 250_000,
  viewCharacters: 40_000,
  tableRows: 100,
  tableColumns: 20,
  /** `invalid_attachments: only_one_table_allowed` */
  tablesPerMessage: 1,
  /** docs.slack.dev/reference/block-kit/blocks/data-visualization-block; newer pages allow 12 series. */
  chartTitle: 50,
  chartSeries: 6,
  chartPoints: 20,
  /** Of points and of series. */
  chartLabel: 20,
  imageAlt: 2_000,
  /** docs.slack.dev/reference/methods/conversations.setTopic */
  topic: 250,
  channelName: 80,
  /** docs.slack.dev/reference/methods/conversations.invite */
  invitedPerCall: 100,
  /** Slack does not document a length; a title is one line. */
  bookmarkTitle: 100,
  /** A response_url takes five messages within 30 minutes. */
  responsesPerUrl: 5,
} as const;
