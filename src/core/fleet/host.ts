/** A host of the inventory, settings merged: everything an adapter needs to connect. */
export interface Host {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly groups: readonly string[];
  readonly aliases: readonly string[];
  /** Name of another host of the inventory to hop through. */
  readonly via?: string;
  /** Commands run through `sudo -n`. */
  readonly sudo: boolean;
  readonly identityFile?: string;
  readonly passphrase?: string;
  /** Path of an agent's socket. */
  readonly agent?: string;
  readonly knownHostsFile: string;
  readonly connectTimeoutSeconds: number;
}

/** Every host by name, in the order of the configuration. */
export type Inventory = ReadonlyMap<string, Host>;
