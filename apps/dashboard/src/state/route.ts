/** Where the page is: what its address says behind the `#`. */
export type Route =
  | { readonly view: 'now' }
  | { readonly view: 'proxies' }
  | { readonly view: 'requests'; readonly id?: string }
  | { readonly view: 'history'; readonly proxy?: string }
  | { readonly view: 'policy' };

export type ViewName = Route['view'];

/** The views, in the order of the navigation. */
export const views: readonly { readonly view: ViewName; readonly title: string }[] = [
  { view: 'now', title: 'Now' },
  { view: 'proxies', title: 'Proxies' },
  { view: 'requests', title: 'Requests' },
  { view: 'history', title: 'History' },
  { view: 'policy', title: 'Policy' },
];

/** Reads a fragment such as `#/requests/abc`; what is not known is the first view. */
export function parseRoute(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#\/?/u, '').split('?');
  const [view, id = ''] = path.split('/').map(decode);
  if (view === 'requests') return id === '' ? { view } : { view, id };
  if (view === 'history') {
    const proxy = new URLSearchParams(query).get('proxy');
    return proxy === null ? { view } : { view, proxy };
  }
  return view === 'proxies' || view === 'policy' ? { view } : { view: 'now' };
}

/** The fragment of a route. */
export function hrefOf(route: Route): string {
  if (route.view === 'requests' && route.id !== undefined) return `#/requests/${encodeURIComponent(route.id)}`;
  if (route.view === 'history' && route.proxy !== undefined)
    return `#/history?${String(new URLSearchParams({ proxy: route.proxy }))}`;
  return `#/${route.view === 'now' ? '' : route.view}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
