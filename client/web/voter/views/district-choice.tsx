import { useSpeech } from '../../frame/visitor.ts';
import type { ElectionView } from '../../service/election-view.ts';
import { Field } from '../../frame/field.tsx';

interface DistrictChoiceProps {
  readonly view: ElectionView;
  readonly chosen: number | undefined;
  readonly choose: (district: number) => void;
}

/** The district, as the letter names it; not asked where there is one only. */
export function DistrictChoice({ view, chosen, choose }: DistrictChoiceProps) {
  const { say, title } = useSpeech();
  const { districts } = view.definition;
  if (districts.length === 1) return null;
  return (
    <Field id="district" label={say('vote.district.label')} hint={say('vote.district.hint')}>
      {(attributes) => (
        <select
          {...attributes}
          required
          value={chosen === undefined ? '' : String(chosen)}
          onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
        >
          <option value="" disabled>
            {say('vote.district.choose')}
          </option>
          {districts.map((district, index) => (
            <option key={district.id} value={String(index)}>
              {title(district.title)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** The district to begin with: the only one, if there is one only. */
export function onlyDistrict({ definition }: ElectionView): number | undefined {
  return definition.districts.length === 1 ? 0 : undefined;
}
