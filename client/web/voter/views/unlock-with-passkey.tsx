import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../../frame/failure.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { useSpeech } from '../../frame/visitor.ts';
import { openVaultWithPasskey } from '../vault.ts';
import { hasPasskey } from '../vault-store.ts';
import type { ViewProps } from '../voter.tsx';

/** Where a passkey locks the vault, too, it opens it; the passphrase stays. */
export function UnlockWithPasskey({ view, tell }: Pick<ViewProps, 'view' | 'tell'>) {
  const { say } = useSpeech();
  const [isThere, setIsThere] = useState(false);
  const { isBusy, error, start } = useAttempt();
  useEffect(() => void hasPasskey(view.definitionHash).then(setIsThere, () => undefined), []);
  if (!isThere) return null;
  const open = (): void =>
    start(async () => tell({ type: 'opened', voter: await openVaultWithPasskey(view.definitionHash) }));
  return (
    <>
      {error !== undefined && <Failure error={error} />}
      <p>
        <button type="button" class="main" disabled={isBusy} onClick={open}>
          {say('vote.passkey.open')}
        </button>
      </p>
    </>
  );
}
