/** Where a file of an incident's archive lies: `2026/11/20261120-7/incident.json`. */
export function archiveKey(openedAt: string, incident: string, name: string): string {
  const [year, month] = openedAt.split('-');
  return `${year}/${month}/${incident}/${name}`;
}
