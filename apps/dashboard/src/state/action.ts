import type { Call, ProxyRow, Status } from '@mulligan/proxy';
import type { Route } from './route.ts';
import type { CallFilter, Connection, Notice, ProxyDeed, ProxyFilter, Settings, Sorting } from './state.ts';

/** Everything that can change what the page shows. `at` is in milliseconds of the page's own clock. */
export type Action =
  | { readonly type: 'route'; readonly route: Route }
  | { readonly type: 'leaving'; readonly route: Route | undefined }
  | { readonly type: 'unsaved'; readonly isUnsaved: boolean }
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
  | { readonly type: 'proxies.filter'; readonly filter: Partial<ProxyFilter> }
  | { readonly type: 'deed'; readonly id: string; readonly deed: ProxyDeed | undefined }
  | { readonly type: 'settings'; readonly settings: Partial<Settings> }
  | { readonly type: 'notice'; readonly notice: Notice | undefined };
