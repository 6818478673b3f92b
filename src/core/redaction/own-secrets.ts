/** Shorter ones would tear ordinary words apart. */
const SHORTEST = 6;

/**
 * Every form in which a secret of this process could show up: as it is, in JSON, in HTML, in a URL, in hex, and
 * inside base64 at any of the three alignments. Longest first, so that no rest stays behind.
 */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      // As Slack keeps it.
      secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
      ...urlForms(secret),
      ...byteForms(secret),
    ]) {
      if (form.length >= SHORTEST) forms.add(form);
    }
  }
  return [...forms].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

function urlForms(secret: string): readonly string[] {
  // A lone surrogate has no UTF-8: encodeURIComponent would throw.
  const well = secret.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  const encoded = encodeURIComponent(well);
  const strict = encoded.replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return [
    encoded,
    strict,
    strict.replaceAll('%20', '+'),
    lowerEscapes(encoded),
    lowerEscapes(strict),
  ];
}

function lowerEscapes(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

function byteForms(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const base64 = [0, 1, 2].map((shift) => base64Core(bytes, shift));
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [hex, hex.toUpperCase(), ...base64, ...urlSafe];
}

/** The characters of base64 that depend on the secret alone when `shift` bytes stand before it. */
function base64Core(bytes: Uint8Array, shift: number): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(shift), ...bytes));
  const from = Math.ceil((shift * 8) / 6);
  const to = Math.floor(((shift + bytes.length) * 8) / 6);
  return text.slice(from, to);
}
