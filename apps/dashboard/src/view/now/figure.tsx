import type { ComponentChildren, VNode } from 'preact';
import { durationParts } from '../../format/duration.ts';

interface Props {
  readonly label: string;
  readonly value: ComponentChildren;
  readonly unit?: string;
  readonly note: ComponentChildren;
  readonly tone?: 'bad' | 'warn' | undefined;
  readonly kind?: 'latency';
}

/** One large number with its name and a line that explains it. */
export function Figure({ label, value, unit = '', note, tone, kind }: Props): VNode {
  return (
    <div class={['figure', tone, kind].filter(Boolean).join(' ')}>
      <dt>{label}</dt>
      <dd>
        <span class="value">
          {value}
          {unit !== '' && <span class="unit"> {unit}</span>}
        </span>
        <span class="note">{note}</span>
      </dd>
    </div>
  );
}

/** A latency as a figure; several stand together. */
export function LatencyFigure({
  label,
  seconds,
  note,
}: {
  label: string;
  seconds: number | null;
  note: string;
}): VNode {
  const { amount, unit } = durationParts(seconds);
  return <Figure label={label} value={amount} unit={unit} note={note} kind="latency" />;
}
