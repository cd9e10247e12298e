import type { FilesAdapter } from 'mulligan/storage/files-sdk';

/** A server of a provider, or what stands for one. */
export interface Backend {
  readonly port: number;
  /** An adapter that talks to this port: the server's own, or that of a proxy before it. */
  readonly adapter: (port: number) => Promise<FilesAdapter>;
  /** Whether a request with a body brings a part of an upload. */
  readonly isPart: (method: string, url: string) => boolean;
  readonly close: () => Promise<void>;
}
