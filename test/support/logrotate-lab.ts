import { join } from 'node:path';
import { logrotateCopytruncate } from '../../src/fixes/logrotate-copytruncate/index.ts';
import { type Box, boxProblem, createBox } from './box.ts';
import type { FixRun } from './fix-runs.ts';

export const CONFIG = '/etc/logrotate.d/docker';

/** logrotate is needed, and a box to change its configuration in. */
export function hasLogrotateBox(): boolean {
  const problem = boxProblem();
  if (problem !== null) console.warn(`logrotate-copytruncate: left out, ${problem}`);
  return problem === null;
}

/** A box with an empty /etc/logrotate.d of its own, and a log. */
export class LogrotateLab {
  readonly box: Box;
  readonly log: string;
  #count = 0;

  private constructor(box: Box) {
    this.box = box;
    this.log = join(box.directory, 'docker.log');
  }

  static async create(): Promise<LogrotateLab> {
    const box = await createBox();
    box.run(`mount -t tmpfs -o mode=755 none /etc/logrotate.d
      mount -t tmpfs -o mode=755 none /var/lib/logrotate`);
    return new LogrotateLab(box);
  }

  /** As the daemon's package had it: nobody tells the writer. */
  stanza(more = ''): string {
    return `${this.log} {\n\tdaily\n\trotate 4\n\tmissingok\n\tcreate 0644 root root\n${more}}\n`;
  }

  configure(text = this.stanza()): void {
    this.box.run(`rm -rf /etc/logrotate.d/* /etc/logrotate.d/.[a-z]* /var/lib/logrotate/*
cat >${CONFIG} <<'END'\n${text}END\nchmod 0644 ${CONFIG}`);
  }

  read(path = CONFIG): string {
    return this.box.run(`cat ${path}`);
  }

  fix(header = this.log, config = CONFIG): FixRun {
    return {
      module: logrotateCopytruncate,
      params: { config, stanza: header },
      fix: `fix${process.pid}-${++this.#count}`,
      save: join(this.box.directory, 'save'),
    };
  }

  /** A process that writes the log for ever. */
  async writer(): Promise<void> {
    const program =
      'exec 5>>"$1"; echo $$ >"$1.pid"; echo ready; while :; do echo "a line" >&5; sleep 0.02; done';
    await this.box.start('sh', '-c', program, 'writer', this.log);
  }

  endWriter(): void {
    this.box.run(`kill -9 "$(cat ${this.log}.pid)"; rm -f ${this.log}*`);
  }

  rotate(): void {
    this.box.run(`logrotate -f ${CONFIG}`);
  }

  /** Where the writer writes to. */
  written(): string {
    return this.box.run(`readlink /proc/"$(cat ${this.log}.pid)"/fd/5`).trim();
  }

  close(): void {
    this.box.close();
  }
}
