import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { Failure } from '../frame/failure.tsx';
import { useLoaded } from '../frame/use-loaded.ts';
import { useSpeech } from '../frame/visitor.ts';
import type { ElectionView } from './election-view.ts';

interface LoadedPageProps<T extends { readonly view: ElectionView }> {
  /** The same function each time. */
  readonly load: () => Promise<T>;
  /** Key of the title that stands there until all is loaded. */
  readonly title: string;
  /** Told which election the page is about. */
  readonly found: (definition: Definition) => void;
  readonly children: (value: T) => ComponentChildren;
}

/** A page about an election, once what it needs is loaded; until then, that it is being loaded, or why it cannot be. */
export function LoadedPage<T extends { readonly view: ElectionView }>(props: LoadedPageProps<T>) {
  const { load, title, found, children } = props;
  const { say } = useSpeech();
  const loaded = useLoaded(load);
  useEffect(() => {
    if (loaded.state === 'ready') found(loaded.value.view.definition);
  }, [loaded, found]);
  if (loaded.state === 'ready') return <>{children(loaded.value)}</>;
  return (
    <>
      <h1>{say(title)}</h1>
      {loaded.state === 'loading' && <p role="status">{say('frame.loading')}</p>}
      {loaded.state === 'failed' && <Failure error={loaded.error} retry={loaded.retry} />}
    </>
  );
}
