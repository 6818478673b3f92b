/** Whether a sentence names this host: `web-1` does not stand in `web-10` or `web-1.example.org`. */
export function namesHost(text: string, host: string): boolean {
  const name = host.replace(/[^A-Za-z0-9]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${name}(?![\\w-]|\\.\\w)`).test(text);
}
