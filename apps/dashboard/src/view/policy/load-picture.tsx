import type { VNode } from 'preact';
import { formatDuration } from '../../format/duration.ts';
import type { LoadStep } from '../../state/schedule.ts';

const [width, height] = [600, 120];

interface Props {
  readonly steps: readonly LoadStep[];
  readonly spanSeconds: number;
}

/** How the load on a server that fails grows from the moment on at which everything begins to fail. */
export function LoadPicture({ steps, spanSeconds }: Props): VNode {
  const most = steps.at(-1)?.load ?? 1;
  const end = spanSeconds * 1.15;
  const x = (seconds: number): number => (Math.min(seconds, end) / end) * width;
  const y = (load: number): number => height - (load / most) * (height - 6);
  const top = steps.map(({ at, load }, index) => {
    const next = steps[index + 1]?.at ?? end;
    return `L${x(at)},${y(load)} L${x(next)},${y(load)}`;
  });
  return (
    <figure class="load">
      <figcaption>
        If everything fails, each request becomes up to <strong>{most} attempts</strong>
        {most > 1 && ` within ${formatDuration(steps.at(-1)?.at ?? 0)}`}. The retry budget and open breakers let fewer
        of them through.
      </figcaption>
      <div class="load-picture">
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={spoken(steps)}>
          <path class="load-area" d={`M0,${height} ${top.join(' ')} L${width},${height} Z`} />
          <path class="load-base" d={`M0,${height} L0,${y(1)} L${width},${y(1)} L${width},${height} Z`} />
        </svg>
        <span class="scale" aria-hidden="true">
          {most}×
        </span>
      </div>
      <p class="times" aria-hidden="true">
        <span>the outage begins</span>
        <span>{formatDuration(end)} later</span>
      </p>
      <p class="legend" aria-hidden="true">
        <span class="key key-succeeded">first attempts</span>
        <span class="key key-retries">retries</span>
      </p>
    </figure>
  );
}

function spoken(steps: readonly LoadStep[]): string {
  return steps.map(({ at, load }) => `${load} times the load from ${formatDuration(at)} on`).join(', ');
}
