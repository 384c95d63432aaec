import { UrnaError } from '../../../../protocol/errors.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { Failure } from '../../frame/failure.tsx';
import { saveAs } from '../../frame/save-as.ts';
import { useSpeech } from '../../frame/visitor.ts';
import { useAttempt } from '../../frame/use-attempt.ts';
import { readVault } from '../vault-store.ts';

const NAME = 'urna-identity.age';

/** The encrypted identity as a file, which `urna voter` and another browser open with the same passphrase. */
export function BackupDownload({ definitionHash }: { readonly definitionHash: Hex }) {
  const { say } = useSpeech();
  const { isBusy, error, start } = useAttempt();
  return (
    <>
      {error !== undefined && <Failure error={error} />}
      <button type="button" disabled={isBusy} onClick={() => start(() => download(definitionHash))}>
        {say('vote.opened.download')}
      </button>
    </>
  );
}

async function download(definitionHash: Hex): Promise<void> {
  const kept = await readVault(definitionHash);
  if (kept === undefined) throw new UrnaError('vault/none', 'the identity was removed from this device');
  saveAs(NAME, kept.backup, 'application/octet-stream');
}
