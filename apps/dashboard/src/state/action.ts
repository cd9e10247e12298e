import type { Call, ProxyRow, Status } from '@mulligan/proxy';
import type { CallFilter, Connection, Notice, Sorting } from './state.ts';

/** Everything that can change what the page shows. `at` is in milliseconds of the page's own clock. */
export type Action =
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'token'; readonly hasToken: boolean }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'proxies.loaded'; readonly rows: readonly ProxyRow[]; readonly at: number }
  | { readonly type: 'proxies.changed'; readonly rows: readonly ProxyRow[]; readonly at: number }
  | { readonly type: 'proxy.removed'; readonly id: string }
  | { readonly type: 'calls.loaded'; readonly calls: readonly Call[] }
  | { readonly type: 'calls.came'; readonly calls: readonly Call[] }
  | { readonly type: 'calls.held'; readonly isHeld: boolean }
  | { readonly type: 'filter'; readonly filter: CallFilter }
  | { readonly type: 'sort'; readonly column: Sorting['column'] }
  | { readonly type: 'breaker.busy'; readonly id: string; readonly isBusy: boolean }
  | { readonly type: 'notice'; readonly notice: Notice | undefined };
