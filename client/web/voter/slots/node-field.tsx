import { useSpeech } from '../../frame/visitor.ts';

interface NodeFieldProps {
  readonly id: string;
  /** What is gained by asking a node. */
  readonly why: string;
  readonly rpc: string;
  readonly change: (rpc: string) => void;
}

/** The address of a node of the chain, for who does not take the public service's word. */
export function NodeField({ id, why, rpc, change }: NodeFieldProps) {
  const { say } = useSpeech();
  return (
    <details>
      <summary>{say('vote.slots.node')}</summary>
      <p>{why}</p>
      <div class="field">
        <label for={id}>{say('observe.rpc')}</label>
        <input
          id={id}
          type="text"
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
          placeholder="https://"
          value={rpc}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      </div>
    </details>
  );
}
