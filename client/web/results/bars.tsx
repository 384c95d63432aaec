import type { Contest } from '../../../protocol/definition/definition.ts';
import { useSpeech } from '../frame/visitor.ts';

interface BarsProps {
  readonly contest: Contest;
  readonly counts: Readonly<Record<string, number>>;
}

const [ROW, BAR, WIDTH] = [28, 18, 240] as const;

/** The counts as bars, as long as the largest. Whoever does not see it has the table. */
export function Bars({ contest, counts }: BarsProps) {
  const { say } = useSpeech();
  const most = Math.max(1, ...Object.values(counts));
  const height = ROW * contest.options.length;
  return (
    <figure class="bars">
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={say('results.chart')}>
        {contest.options.map(({ id }, i) => (
          <g key={id}>
            <rect class="ground" x={0} y={i * ROW + (ROW - BAR) / 2} width={WIDTH} height={BAR} />
            <rect
              class="bar"
              x={0}
              y={i * ROW + (ROW - BAR) / 2}
              width={(WIDTH * (counts[id] ?? 0)) / most}
              height={BAR}
            />
          </g>
        ))}
      </svg>
    </figure>
  );
}
