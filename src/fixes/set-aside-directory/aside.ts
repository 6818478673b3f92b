/** Where the full directory goes: beside it, under a name that no other fix uses. */
export function asideOf(path: string, fix: string): string {
  return `${path}_old-${fix}`;
}
