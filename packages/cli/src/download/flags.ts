/** What the command line says, as commander reads it: nothing is checked yet. */
export interface DownloadFlags {
  readonly output?: string;
  readonly sha256?: string;
  readonly integrity?: string;
  readonly parallel?: string;
  readonly attempts?: string;
  readonly timeout?: string;
  readonly idleTimeout?: string;
  readonly header?: readonly string[];
  readonly mode?: string;
  readonly overwrite?: boolean;
  readonly serverName?: boolean;
  readonly resume: boolean;
  readonly quiet?: boolean;
}
