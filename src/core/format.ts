const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** Decimal units as disk vendors and `df -H` have them: `102.4 GB`. */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? '-' : '';
  const size = Math.abs(bytes);
  if (size < 999.5) return `${sign}${Math.round(size)} B`;
  let power = 1;
  while (power < UNITS.length && size / 1000 ** power >= 999.95) power++;
  return `${sign}${oneDecimal(size / 1000 ** power)} ${UNITS[power - 1] ?? ''}`;
}

/** `2.1 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `98.2 %`, `100 %`. Only what is full says 100, only what is empty says 0. */
export function formatPercent(percent: number): string {
  if (percent >= 99.95 && percent < 100) return '99.9 %';
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  return `${oneDecimal(percent)} %`;
}

/** The two largest units: `2 d 3 h`, `1 h 5 min`, `45 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

function oneDecimal(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return Number.isInteger(rounded) ? String(rounded) : rounded.toFixed(1);
}
