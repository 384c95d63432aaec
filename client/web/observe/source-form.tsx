import { useState } from 'preact/hooks';
import { useSpeech } from '../frame/visitor.ts';
import type { Source } from './messages.ts';

type Choice = 'service' | 'address' | 'folder';
/** A page that was saved has no service of its own. */
const CHOICES: readonly Choice[] =
  location.protocol === 'file:' ? ['folder', 'address'] : ['service', 'address', 'folder'];

interface SourceFormProps {
  readonly isRunning: boolean;
  readonly start: (source: Source) => void;
}

/** Where the record is: the page's own service, another one, or a folder on this device. */
export function SourceForm({ isRunning, start }: SourceFormProps) {
  const { say } = useSpeech();
  const [choice, setChoice] = useState<Choice>(CHOICES[0] ?? 'folder');
  const [address, setAddress] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (choice === 'folder') start({ from: 'folder', files });
    else start({ from: 'service', url: choice === 'address' ? address.trim() : ownService() });
  };
  const isReady = choice === 'service' || (choice === 'address' ? address.trim() !== '' : files.length > 0);
  return (
    <form onSubmit={submit}>
      <fieldset disabled={isRunning}>
        <legend>{say('observe.source')}</legend>
        {CHOICES.map((each) => (
          <label key={each}>
            <input type="radio" name="source" checked={choice === each} onChange={() => setChoice(each)} />
            {say(`observe.from-${each}`)}
          </label>
        ))}
        {choice === 'address' && (
          <p>
            <label for="address">{say('observe.address')}</label>
            <input
              id="address"
              type="url"
              placeholder="https://"
              value={address}
              onInput={({ currentTarget }) => setAddress(currentTarget.value)}
            />
          </p>
        )}
        {choice === 'folder' && <Folder choose={setFiles} />}
      </fieldset>
      <button type="submit" class="main" disabled={isRunning || !isReady}>
        {say('observe.start')}
      </button>
    </form>
  );
}

function ownService(): string {
  return new URLSearchParams(location.search).get('service') ?? location.origin;
}

function Folder({ choose }: { readonly choose: (files: readonly File[]) => void }) {
  const { say } = useSpeech();
  return (
    <p>
      <label for="folder">{say('observe.folder')}</label>
      <input
        id="folder"
        type="file"
        multiple
        ref={(input) => input?.setAttribute('webkitdirectory', '')}
        onChange={({ currentTarget }) => choose([...(currentTarget.files ?? [])])}
      />
    </p>
  );
}
