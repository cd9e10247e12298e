import type { VNode } from 'preact';
import { hrefOf, type ViewName, views } from '../../state/route.ts';

/** The way from view to view. */
export function Nav({ current }: { current: ViewName }): VNode {
  return (
    <nav class="nav" aria-label="Views">
      {views.map(({ view, title }) => (
        <a key={view} href={hrefOf({ view })} {...(view === current ? { 'aria-current': 'page' } : {})}>
          {title}
        </a>
      ))}
    </nav>
  );
}
