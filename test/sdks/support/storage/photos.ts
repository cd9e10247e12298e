// #region photos
import { azure } from 'files-sdk/azure';
import { retryableStorage, type Storage } from 'mulligan/storage';
import { fromFilesSdk } from 'mulligan/storage/files-sdk';

/** Photos in a container of Azure; the account comes from the environment. */
export function photoStorage(endpoint: string): Storage {
  return retryableStorage(fromFilesSdk(azure({ container: 'photos', endpoint })), { maxRetries: 5, baseDelay: '0.5s' });
}
// #endregion
