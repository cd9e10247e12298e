/** A storage in a folder. Node only. */
export { fsStorage, type FsStorageOptions } from './fs-storage.ts';
