import { deployElection } from '../../../contracts/deploy/deploy.ts';
import { encodeDeployment } from '../../../contracts/deploy/deployment.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { require } from '../../../protocol/errors.ts';
import { installedArtifacts } from '../ballot/artifacts.ts';
import { openNode, openSender } from '../chain/open.ts';
import { exists, writeFile } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { codeOf } from '../../../protocol/node/exit-codes.ts';
import { loadDefinition } from './definition-file.ts';
import { openJournal } from './deploy-journal.ts';

/**
 * `urna election deploy`: puts the contracts of a definition on chain and writes where they are. Interrupted and called again, it goes on:
 * where it began stands in `<out>.part` until it is done.
 *
 * @throws `setup/refused`, `setup/hash` if the installed circuits are not those that the definition names, `chain/*`, `deploy/*`
 */
export async function deploy(call: Invocation): Promise<Outcome> {
  const loaded = await loadDefinition(call);
  const { definition } = loaded;
  const out = option(call, 'out');
  require(!(await exists(out)), 'file/exists', `${out} exists already and is not overwritten`);
  const circuits = installedArtifacts(call, definition);
  const connection = await openNode(call, loaded);
  const sender = await openSender(call, connection);
  call.progress.start('contracts', 6 + circuits.length);
  const input = { definition, circuits, builds: publishedBuilds() };
  const key = {
    account: sender.account.address.toLowerCase(),
    chainId: connection.chainId,
    definitionHash: loaded.hash,
  };
  const journal = await openJournal(out, key);
  const deployment = await deployElection(sender, input, ({ done }) => call.progress.update(done), journal).catch(
    async (error: unknown) => {
      // What was begun cannot be gone on with: the next run begins anew.
      if (codeOf(error) === 'deploy/nonce') await journal.remove();
      throw error;
    },
  );
  call.progress.stop();
  await writeFile(out, encodeDeployment(deployment));
  await journal.remove();
  return { data: { file: out, ...deployment }, text: `election ${deployment.election}, written to ${out}` };
}
