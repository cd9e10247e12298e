/** What the command line says, as commander reads it: nothing is checked yet. */
export interface ServeFlags {
  readonly port?: string;
  readonly apiPort?: string;
  readonly host?: string;
  readonly proxy?: readonly string[];
  readonly proxies?: string;
  readonly config?: string;
  readonly checkUrl?: string;
  readonly checkInterval?: string;
  readonly attempts?: string;
  readonly timeout?: string;
  readonly demo?: boolean;
  readonly direct?: boolean;
  readonly auth: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}
