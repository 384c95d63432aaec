import type { Contest } from '../../../protocol/definition/definition.ts';
import { useSpeech } from '../frame/visitor.ts';

interface BarsProps {
  readonly contest: Contest;
  readonly counts: Readonly<Record<string, number>>;
}

/** Units of a bar's drawing, which is as wide as there is room. */
const [WIDTH, HEIGHT] = [240, 18] as const;

/** The counts as bars, the largest over the whole width, each under its option's name. Whoever does not see them has the table. */
export function Bars({ contest, counts }: BarsProps) {
  const { say, title } = useSpeech();
  const most = Math.max(1, ...Object.values(counts));
  return (
    <figure class="bars" role="img" aria-label={say('results.chart')}>
      {contest.options.map(({ id, title: name }) => (
        <div key={id}>
          <span class="note">{title(name)}</span>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
            <rect class="ground" width={WIDTH} height={HEIGHT} />
            <rect class="bar" width={(WIDTH * (counts[id] ?? 0)) / most} height={HEIGHT} />
          </svg>
        </div>
      ))}
    </figure>
  );
}
