import type { ArchiveSink } from '../archives/contract.ts';
import { archiveSinks } from '../archives/registry.ts';
import type { Config } from '../config/load-config.ts';

/** The places that the configuration names: the directory first, its location is what people are told. */
export function openSinks(archive: Config['archive']): Promise<readonly ArchiveSink[]> {
  const options: Readonly<Record<string, object | undefined>> = {
    filesystem: { directory: archive.directory },
    s3: archive.s3,
  };
  return Promise.all(
    archiveSinks.flatMap((sink) => {
      const given = options[sink.id];
      return given === undefined ? [] : [sink.open(given)];
    }),
  );
}
