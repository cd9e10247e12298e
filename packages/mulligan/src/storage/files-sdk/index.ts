/** Storages of files-sdk: S3, Azure, Google and others. */
export { type FilesSdkOptions, fromFilesSdk } from './from-files-sdk.ts';
export type {
  FilesAdapter,
  FilesCall,
  FilesDownload,
  FilesFile,
  FilesInstance,
  FilesList,
  FilesOffsetDriver,
  FilesPart,
  FilesPartsDriver,
  FilesSource,
  FilesUpload,
  FilesUploadResult,
} from './source.ts';
