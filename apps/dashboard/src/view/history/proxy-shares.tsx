import type { ProxyStatsJson } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatDuration } from '../../format/duration.ts';
import { formatCount, formatShare } from '../../format/number.ts';
import { hrefOf } from '../../state/route.ts';
import { Empty } from '../shell/empty.tsx';

const shown = 50;

interface Props {
  readonly proxies: readonly ProxyStatsJson[];
  readonly chosen: string | undefined;
}

/** What each proxy did in the last 24 hours; the most used ones first. */
export function ProxyShares({ proxies, chosen }: Props): VNode {
  const sorted = proxies.toSorted((a, b) => b.total_attempts - a.total_attempts);
  return (
    <section class="panel" aria-labelledby="shares-title">
      <div class="panel-head">
        <h2 id="shares-title">By proxy</h2>
        {sorted.length > shown && (
          <span class="muted">
            the {shown} most used of {formatCount(sorted.length)}
          </span>
        )}
      </div>
      {sorted.length === 0 ? (
        <Empty title="No proxy was used" />
      ) : (
        <div class="scroll-y" tabIndex={0} role="region" aria-label="Attempts by proxy">
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">Proxy</th>
                {['Attempts', 'Success', 'Latency', 'Opened'].map((title) => (
                  <th key={title} scope="col" class="number">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sorted.slice(0, shown).map((stats) => (
                <ShareRow key={stats.proxy_id} stats={stats} isChosen={stats.proxy_id === chosen} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function ShareRow({ stats, isChosen }: { stats: ProxyStatsJson; isChosen: boolean }): VNode {
  const { proxy_id: id, success_count: successes, failure_count: failures } = stats;
  const judged = successes + failures;
  return (
    <tr class={isChosen ? 'is-chosen' : ''}>
      <th scope="row">
        <a class="id" href={hrefOf({ view: 'history', proxy: id })} {...(isChosen ? { 'aria-current': 'true' } : {})}>
          {id}
        </a>
      </th>
      <td class="number">{formatCount(stats.total_attempts)}</td>
      <td class="number">{formatShare(judged === 0 ? null : successes / judged)}</td>
      <td class="number">{formatDuration(stats.total_attempts === 0 ? null : stats.avg_latency)}</td>
      <td class="number">{formatCount(stats.circuit_breaker_opens)}</td>
    </tr>
  );
}
