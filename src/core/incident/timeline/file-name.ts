/** Characters of a name that are kept, beside the chat's id of the file. */
const LONGEST = 80;

/**
 * Where a shared file lies in an incident's archive: `files/<id>-<name>`. The name comes from whoever
 * shared it: what is left of it means the same on every file system, and the id keeps two apart and
 * names like `CON` or `.profile` harmless.
 */
export function sharedFilePath(id: string, name: string): string {
  const safeId = id.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 40) || 'F';
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^A-Za-z0-9._+@-]+/g, '_')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/^[._-]+/, '');
  const dot = plain.lastIndexOf('.');
  const ending = dot > 0 && plain.length - dot <= 12 ? plain.slice(dot) : '';
  const stem = plain.slice(0, plain.length - ending.length).slice(0, LONGEST - ending.length);
  const safe = `${stem}${ending}`.replace(/[._-]+$/, '');
  return `files/${safeId}-${safe === '' ? 'file' : safe}`;
}
