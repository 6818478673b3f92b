/** Work that survives a restart. Ids only: whoever runs it reads the record, and trusts nothing else. */
export type Job =
  | { readonly kind: 'route-alert'; readonly delivery: string }
  /** A parent with one child per host. */
  | {
      readonly kind: 'run';
      readonly stream: string;
      readonly run: string;
      readonly hosts: readonly string[];
    }
  | { readonly kind: 'plan-fix'; readonly stream: string; readonly fix: string }
  | { readonly kind: 'execute-fix'; readonly stream: string; readonly fix: string }
  /** Looks, at its deadline, whether a requested fix has expired or a running one is lost. */
  | {
      /** `watch-fix`: whether a change that does not last is still there. */
      readonly kind: 'check-fix' | 'watch-fix';
      readonly stream: string;
      readonly fix: string;
      readonly delaySeconds: number;
    }
  | { readonly kind: 'close-incident'; readonly stream: string };
