import { useEffect, useState } from 'preact/hooks';
import { useSpeech } from '../frame/visitor.ts';
import type { RecordSource, Source } from './messages.ts';

type Choice = 'service' | 'address' | 'folder' | 'chain';
/** A page that was saved has no service of its own. */
const CHOICES: readonly Choice[] =
  location.protocol === 'file:' ? ['folder', 'address', 'chain'] : ['service', 'address', 'folder', 'chain'];
const HAS_SERVICE = CHOICES.includes('service');

interface SourceFormProps {
  readonly isRunning: boolean;
  /** Address of the election's contract, as this page's service says; empty where it is not known. */
  readonly election: string;
  readonly start: (source: Source) => void;
}

/** Where the record is: this page's service, another one, a folder on this device, or a chain of which it is made. */
export function SourceForm({ isRunning, election: known, start }: SourceFormProps) {
  const { say } = useSpeech();
  const [choice, setChoice] = useState<Choice>(CHOICES[0] ?? 'folder');
  const [address, setAddress] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [node, setNode] = useState({ rpc: '', election: '' });
  useEffect(() => setNode((own) => (own.election === '' ? { ...own, election: known } : own)), [known]);
  const folder: RecordSource = { from: 'folder', files };
  const source = (): Source => {
    if (choice === 'folder') return folder;
    if (choice !== 'chain') return { from: 'service', url: choice === 'address' ? address.trim() : ownService() };
    const published: RecordSource = files.length > 0 ? folder : { from: 'service', url: ownService() };
    return { from: 'chain', rpc: node.rpc.trim(), election: node.election.trim(), published };
  };
  const isReady = {
    service: true,
    address: address.trim() !== '',
    folder: files.length > 0,
    chain: node.rpc.trim() !== '' && node.election.trim() !== '' && (HAS_SERVICE || files.length > 0),
  }[choice];
  const submit = (event: Event): void => {
    event.preventDefault();
    start(source());
  };
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
        {choice === 'address' && <Line name="address" value={address} change={setAddress} />}
        {choice === 'chain' && <NodeFields {...node} change={setNode} />}
        {choice === 'folder' && <Folder label="folder" choose={setFiles} />}
        {choice === 'chain' && <Folder label={HAS_SERVICE ? 'published-too' : 'published'} choose={setFiles} />}
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

interface NodePlace {
  readonly rpc: string;
  readonly election: string;
}

function NodeFields({ change, ...node }: NodePlace & { readonly change: (node: NodePlace) => void }) {
  return (
    <>
      <Line name="rpc" value={node.rpc} change={(rpc) => change({ ...node, rpc })} />
      <Line name="election" value={node.election} change={(election) => change({ ...node, election })} />
    </>
  );
}

interface LineProps {
  /** Of the field, and of its label. */
  readonly name: 'address' | 'rpc' | 'election';
  readonly value: string;
  readonly change: (value: string) => void;
}

function Line({ name, value, change }: LineProps) {
  const { say } = useSpeech();
  return (
    <p>
      <label for={name}>{say(`observe.${name}`)}</label>
      <input
        id={name}
        type="text"
        inputMode={name === 'election' ? 'text' : 'url'}
        spellcheck={false}
        placeholder={name === 'election' ? '0x' : 'https://'}
        value={value}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
    </p>
  );
}

interface FolderProps {
  readonly label: string;
  readonly choose: (files: readonly File[]) => void;
}

function Folder({ label, choose }: FolderProps) {
  const { say } = useSpeech();
  return (
    <p>
      <label for="folder">{say(`observe.${label}`)}</label>
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
