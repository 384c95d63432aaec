import { at } from '../../../../../protocol/errors.ts';
import { totalCost } from '../../../../../protocol/ballot/rules.ts';
import type { Contest } from '../../../../../protocol/definition/definition.ts';
import { useSpeech } from '../../../frame/visitor.ts';
import type { BallotDraft } from '../ballot-draft.ts';
import { draftProblem, runningSum, undervote } from '../ballot-draft.ts';

interface RuleProps {
  readonly contest: Contest;
  readonly draft: BallotDraft;
}

/** What the contest asks for, in a sentence. */
export function RuleInWords({ contest: { preset }, draft: { family, rule, options } }: RuleProps) {
  const { say, number } = useSpeech();
  const [least, most, each] = [rule.minTotal, rule.maxTotal, at(rule.max, 0)].map((value) => number(Number(value)));
  const values = { least: least ?? '', most: most ?? '', each: each ?? '', options: number(options) };
  if (family === 'one') return <>{say('vote.rule.one')}</>;
  if (family === 'order') return <>{say('vote.rule.order', { ranks: values.each })}</>;
  // All may get the most of it: then there is nothing to run out of.
  const isFree = rule.max.reduce((sum, max) => sum + max, 0n) <= rule.maxTotal;
  if (preset === 'approval') {
    if (rule.minTotal > 0n) return <>{say('vote.rule.between', values)}</>;
    return <>{say(isFree ? 'vote.rule.any' : 'vote.rule.up-to', values)}</>;
  }
  if (preset === 'score') return <>{say(isFree ? 'vote.rule.score' : 'vote.rule.score-total', values)}</>;
  if (preset === 'cumulative')
    return <>{say(rule.minTotal > 0n ? 'vote.rule.points-exact' : 'vote.rule.points', values)}</>;
  return <>{say(preset === 'budget' ? 'vote.rule.budget' : 'vote.rule.quadratic', values)}</>;
}

/** What has been given and what is left, as the voter goes; nothing where nothing can run out. */
export function RunningSum({ draft }: RuleProps) {
  const { say, number } = useSpeech();
  const { total, left } = runningSum(draft);
  if (totalCost(draft.rule, draft.rule.max) <= draft.rule.maxTotal) return null;
  const values = { total: number(Number(total)), left: number(Number(left)), over: number(Number(-left)) };
  return (
    <p class={left < 0n ? 'sum wrong' : 'sum'} role="status">
      {say(left < 0n ? 'vote.form.over' : 'vote.form.sum', values)}
    </p>
  );
}

/** Why the ballot cannot be encrypted yet. */
export function ProblemOf({ contest, draft }: RuleProps) {
  const { say, title, number } = useSpeech();
  const problem = draftProblem(draft);
  if (problem === undefined) return null;
  const text = (): string => {
    switch (problem.kind) {
      case 'empty':
        return say('vote.problem.empty');
      case 'value':
        return say('vote.problem.value', {
          name: title(at(contest.options, problem.option).title),
          most: number(Number(problem.most)),
        });
      case 'places':
        return say('vote.problem.places', { least: number(problem.least), ranked: number(problem.ranked) });
      case 'below':
        return say('vote.problem.below', {
          least: number(Number(problem.least)),
          total: number(Number(problem.total)),
        });
      case 'above':
        return say('vote.problem.above', { most: number(Number(problem.most)), total: number(Number(problem.total)) });
    }
  };
  return <p class="wrong">{text()}</p>;
}

/** What the voter may have forgotten: said, and nobody is stopped by it. */
export function UndervoteOf({ draft }: Pick<RuleProps, 'draft'>) {
  const { say, number } = useSpeech();
  const found = undervote(draft);
  if (found === undefined) return null;
  if (found.kind === 'blank') return <p class="note">{say('vote.undervote.blank')}</p>;
  const left = number(Number(found.left));
  return <p class="note">{say(`vote.undervote.${found.kind}`, { left })}</p>;
}
