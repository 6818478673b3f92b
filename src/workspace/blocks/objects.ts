import type { Place } from './problems.ts';

/** A text object. Slack refuses an empty one anywhere. */
export function checkText(
  place: Place,
  max = 3000,
  kind: 'any' | 'plain' | 'mrkdwn' = 'any',
): void {
  if (!place.fields(['type', 'text', 'emoji', 'verbatim'], ['type', 'text'])) return;
  const types = { any: ['plain_text', 'mrkdwn'], plain: ['plain_text'], mrkdwn: ['mrkdwn'] }[kind];
  place.at('type').oneOf(types);
  place.at('text').string(Math.min(max, 3000), 1);
  place.at('emoji').boolean();
  place.at('verbatim').boolean();
  if (place.type === 'mrkdwn' && place.has('emoji'))
    place.fail('invalid additional property: emoji');
  if (place.type === 'plain_text' && place.has('verbatim'))
    place.fail('invalid additional property: verbatim');
}

export function checkOptionalText(place: Place, max: number, kind: 'any' | 'plain' = 'any'): void {
  if (place.value !== undefined && place.value !== null) checkText(place, max, kind);
}

export function checkOption(place: Place, kind: 'any' | 'plain'): void {
  if (!place.fields(['text', 'value', 'description', 'url'], ['text', 'value'])) return;
  checkText(place.at('text'), 75, kind);
  // 75 in the SDK's types, 150 in newer documentation: the smaller one holds everywhere.
  place.at('value').string(75, 1);
  checkOptionalText(place.at('description'), 75, kind);
  place.at('url').url();
}

/** A list of options whose values are all different. */
export function checkOptions(place: Place, max: number, kind: 'any' | 'plain' = 'plain'): void {
  const seen = new Set<unknown>();
  for (const option of place.items(1, max)) {
    checkOption(option, kind);
    const value = option.json['value'];
    if (seen.has(value)) option.at('value').fail('option values must be unique');
    seen.add(value);
  }
}

export function checkOptionGroups(place: Place): void {
  for (const group of place.items(1, 100)) {
    if (!group.fields(['label', 'options'], ['label', 'options'])) continue;
    checkText(group.at('label'), 75, 'plain');
    checkOptions(group.at('options'), 100);
  }
}

/** An initial option has to be one of the options. */
export function checkInitialOption(place: Place, options: readonly unknown[]): void {
  if (place.value === undefined) return;
  const wanted = JSON.stringify(place.json['value']);
  const found = options.some(
    (option) =>
      typeof option === 'object' &&
      option !== null &&
      'value' in option &&
      JSON.stringify(option.value) === wanted,
  );
  if (!found) place.fail('initial option must be one of the options');
}

export function checkConfirm(place: Place): void {
  if (place.value === undefined || place.value === null) return;
  if (!place.fields(['title', 'text', 'confirm', 'deny', 'style'], ['text'])) return;
  checkOptionalText(place.at('title'), 100, 'plain');
  checkText(place.at('text'), 300);
  checkOptionalText(place.at('confirm'), 30, 'plain');
  checkOptionalText(place.at('deny'), 30, 'plain');
  place.at('style').oneOf(['primary', 'danger']);
}

export function checkImageSource(place: Place): void {
  if (place.has('image_url') === place.has('slack_file'))
    place.fail('must provide exactly one of image_url and slack_file');
  place.at('image_url').url();
  if (!place.has('slack_file')) return;
  const file = place.at('slack_file');
  if (!file.fields(['id', 'url'])) return;
  if (file.has('id') === file.has('url')) file.fail('must provide exactly one of id and url');
  file.at('id').string(255, 1);
  file.at('url').url();
}
