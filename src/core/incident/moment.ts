/** `03:12 UTC`, or with its day when that is another than the reference's. Both ISO 8601. */
export function moment(at: string, reference: string): string {
  const time = `${at.slice(11, 16)} UTC`;
  return at.slice(0, 10) === reference.slice(0, 10) ? time : `${at.slice(0, 10)} ${time}`;
}
