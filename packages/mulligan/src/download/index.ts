/** Downloads to files that survive bad networks and the end of their process. Node only. */
export { download } from './download.ts';
export {
  DownloadBrokenError,
  DownloadExistsError,
  DownloadFileError,
  DownloadMismatchError,
  DownloadStalledError,
} from './error.ts';
export {
  downloadDefaults,
  type DownloadOptions,
  type DownloadProgress,
  type DownloadResult,
  type DownloadRetryOptions,
  type DownloadSource,
  type Existing,
} from './options.ts';
export { type Unfinished, unfinishedOf } from './unfinished.ts';
export { type DownloadSession, withDownload } from './with-download.ts';
