/**
 * Numbers to be drawn, chat-neutral. Texts are untrusted and plain. Bounded: at most 6 series of 200
 * points; a renderer with less room takes evenly spaced points and keeps first and last.
 */
export type Chart =
  | {
      readonly kind: 'line';
      readonly title: string;
      readonly unit: ChartUnit;
      readonly series: readonly {
        readonly name: string;
        readonly points: readonly {
          /** ISO 8601, UTC. */
          readonly at: string;
          readonly value: number;
        }[];
      }[];
      /** A line that matters: the size of the disk, the number of ports. */
      readonly limit?: { readonly name: string; readonly value: number };
      /** What was done meanwhile, in order of time: a fix. At most 12. */
      readonly marks?: readonly {
        /** ISO 8601, UTC. */
        readonly at: string;
        readonly name: string;
      }[];
    }
  | {
      readonly kind: 'bar';
      readonly title: string;
      readonly unit: ChartUnit;
      /** Largest first. */
      readonly bars: readonly { readonly name: string; readonly value: number }[];
    };

export type ChartUnit = 'bytes' | 'percent' | 'count';
