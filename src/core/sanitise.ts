/**
 * Escape sequences of terminals (ECMA-48): CSI, then the strings OSC, DCS, SOS, PM and APC up to their
 * terminator, then any other escape. 7-bit and 8-bit introducers. A string that never ends is cut at
 * the end of its line, so that one stray byte cannot hide the rest of the output.
 */
const ESCAPES = new RegExp(
  [
    String.raw`(?:\u001b\[|\u009b)[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]?`,
    String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?`,
    String.raw`\u001b[\u0020-\u002f]*[\u0030-\u007e]?`,
  ].join('|'),
  'g',
);

/** C0 but tab and newline, DEL, C1. */
const CONTROLS = /[^\P{Cc}\t\n]/gu;

/**
 * Characters that show nothing or reorder what is shown (Unicode: Default_Ignorable_Code_Point, among
 * them zero-width and tag characters, Hangul fillers, variation selectors; Bidi_Control; interlinear
 * annotations): text could say one thing to the eye and another to a machine.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;

const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Untrusted text made harmless to look at: no terminal escapes, no control characters but tab and
 * newline, nothing invisible or reordering. What was decoded and capped comes in; redaction and
 * escaping come after. Idempotent.
 */
export function sanitise(text: string): string {
  // Repeated, because dropping an invisible character inside a sequence could join a new one.
  for (let before = text; ; ) {
    const after = once(before);
    if (after === before) return after;
    before = after;
  }
}

function once(text: string): string {
  return (
    text
      .replace(/\r\n|[\u2028\u2029]/g, '\n')
      .replace(ESCAPES, '')
      // A lone carriage return overwrites the line on a terminal: here both stay visible.
      .replace(/\r/g, '\n')
      .replace(CONTROLS, '')
      .replace(INVISIBLE, '')
      .replace(LONE_SURROGATE, '\ufffd')
  );
}

/** The same on one line: names, titles, labels. */
export function sanitiseLine(text: string): string {
  return sanitise(text).replace(/\s+/g, ' ').trim();
}
