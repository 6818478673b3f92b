/** How many jobs of this process may be on one host at a time. */
export interface HostSlots {
  /** False: the host is busy. */
  take(host: string): boolean;
  give(host: string): void;
}

export function createHostSlots(perHost: number): HostSlots {
  const taken = new Map<string, number>();
  return {
    take: (host) => {
      const count = taken.get(host) ?? 0;
      if (count >= perHost) return false;
      taken.set(host, count + 1);
      return true;
    },
    give: (host) => {
      const count = (taken.get(host) ?? 0) - 1;
      if (count > 0) taken.set(host, count);
      else taken.delete(host);
    },
  };
}
