/** One variable of the environment; empty counts as unset. This folder alone reads the environment. */
export function environmentVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
