import type { BreakerEventJson } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatMoment } from '../../format/duration.ts';
import { formatCount } from '../../format/number.ts';
import { Empty } from '../shell/empty.tsx';

const shown = 100;

const words: Record<BreakerEventJson['to_state'], string> = {
  closed: 'closed again',
  open: 'opened',
  half_open: 'is being tested',
  isolated: 'was held open by hand',
};

/** What the circuit breakers did in the last 24 hours, newest first. */
export function BreakerEvents({ events }: { events: readonly BreakerEventJson[] }): VNode {
  return (
    <section class="panel" aria-labelledby="events-title">
      <div class="panel-head">
        <h2 id="events-title">Breaker events</h2>
        {events.length > shown && (
          <span class="muted">
            the newest {shown} of {formatCount(events.length)}
          </span>
        )}
      </div>
      {events.length === 0 ? (
        <Empty title="No breaker has changed its state" />
      ) : (
        <ol class="events scroll-y" tabIndex={0} role="list" aria-label="Breaker events">
          {events
            .slice(-shown)
            .toReversed()
            .map((event) => (
              <li key={`${event.timestamp} ${event.proxy_id} ${event.to_state}`}>
                <time dateTime={event.timestamp}>{formatMoment(event.timestamp)}</time>
                <span>
                  <span class="id">{event.proxy_id}</span>{' '}
                  <span class={`event-${event.to_state}`}>{words[event.to_state]}</span>
                </span>
              </li>
            ))}
        </ol>
      )}
    </section>
  );
}
