/** `npm run bench -- <name>`: figures, as ratios against a peer in the same run. Never part of a test. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  single: async () => {
    const { benchSingle } = await import('./single.ts');
    const { benchSsh } = await import('./ssh.ts');
    await benchSingle();
    await benchSsh();
  },
  logs: async () => (await import('./logs.ts')).benchLogs(),
  ssh: async () => (await import('./ssh.ts')).benchSsh(),
};

const [name = ''] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`bench: which? ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 64;
} else {
  await bench();
}
