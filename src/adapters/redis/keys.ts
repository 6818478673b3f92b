/**
 * Every key that Housecall keeps in Redis, in one table. All start with `<namespace>:v1:`; the version
 * changes when a later release cannot read what this one wrote. BullMQ keeps its own keys under
 * `<namespace>:queue:…`, so one ACL pattern `~<namespace>:*` covers both.
 *
 * The scripts build keys from the prefix they are given: one primary, no Redis Cluster.
 *
 * | Key | Type | Holds | Removed |
 * |---|---|---|---|
 * | `case:<stream>` | list | the stream's records as JSON, index = seq - 1 | sweep |
 * | `case:<stream>:claims` | set | names claimed by the stream | sweep |
 * | `case:<stream>:refs` | set | `[lane, key]` of messages posted for the stream | sweep |
 * | `case:<stream>:rows` | string | counter: names of the stream's chat rows and jobs | sweep |
 * | `cases` | zset | stream → time of its last commit (ms) | sweep |
 * | `open` | zset | open incident → opening number | commit |
 * | `opened` | string | counter: opening number | – |
 * | `claims` | hash | claimed name → stream | commit, sweep |
 * | `number:<yyyymmdd>` | string | last incident number of the day | after 8 days |
 * | `once:<commit>` | string | a commit that was applied, for a repeated command | after 15 min |
 * | `once:slack:<name>` | string | a Slack request that came, against replays | after 10 min |
 * | `reports:<run>` | hash | host → report as JSON | sweep |
 * | `room:<stream>` | list | what happened in the room, as JSON | sweep |
 * | `room:<stream>:ids` | set | names of those events | sweep |
 * | `room:<stream>:of` | hash | message → where its events are in the list | sweep |
 * | `room:<stream>:late` | hash | message and kind → the latest of too many events | sweep |
 * | `room:<stream>:latest` | string | when a person last wrote something | sweep |
 * | `kept:<stream>` | hash | name → content of what fixes kept before they acted | sweep |
 * | `delivery:<id>` | string | webhook delivery as JSON | sweep |
 * | `deliveries` | zset | `[id, key hash]` → time received (ms) | sweep |
 * | `over:<episode hash>` | string | an alert that ended before anybody heard of it | after 15 min |
 * | `acked:<episode hash>` | string | an acknowledgement that came before its alert | after 15 min |
 * | `listed:<list hash>` | string | this list of a source held an alert of ours | after 90 days |
 * | `openings` | zset | incident opened by an alert → time (ms) | each opening |
 * | `past` | hash | closed incident → what is remembered of it, JSON | sweep |
 * | `past:at` | zset | closed incident → time it was closed (ms) | sweep |
 * | `seen:<key hash>` | string | delivery key → who stored it | sweep |
 * | `relay` | list | jobs to hand to the queue: `{key, job}` | handed over |
 * | `relay:refused` | list | jobs that the queue will never take, newest 1,000 | – |
 * | `lane:<lane>` | list | chat rows of the lane, head first | sent |
 * | `lane:<lane>:head` | hash | lease of the head: row, owner, attempts, uncertain, error; last done | 1 h after the lane is empty |
 * | `lane:<lane>:latest` | hash | message key → its latest waiting update | sent |
 * | `lane:<lane>:refs` | hash | message key → `{channel, ts}` | sweep |
 * | `due` | zset | lane with rows → time its head may be leased (ms) | lane empty |
 * | `rows` | zset | waiting row → time it was committed (ms) | sent |
 * | `rejected` | hash | row that can never be sent → row and reason | sweep |
 * | `wake` | channel | published when a lane has something new | – |
 * | `probe:<id>` | any | `check()` writes and removes it | at once |
 */
export interface Keys {
  /** What the scripts put before every name of the table. */
  readonly prefix: string;
  key(...parts: string[]): string;
}

export function createKeys(namespace: string): Keys {
  const prefix = `${namespace}:v1:`;
  return { prefix, key: (...parts) => prefix + parts.join(':') };
}
