import { deployElection } from '../../../contracts/deploy/deploy.ts';
import { encodeDeployment } from '../../../contracts/deploy/deployment.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { require } from '../../../protocol/errors.ts';
import { installedArtifacts } from '../ballot/artifacts.ts';
import { openNode, openSender } from '../chain/open.ts';
import { exists, writeFile } from '../frame/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { loadDefinition } from './definition-file.ts';

/**
 * `urna election deploy`: puts the contracts of a definition on chain and writes where they are.
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
  const deployment = await deployElection(sender, input, ({ done }) => call.progress.update(done));
  call.progress.stop();
  await writeFile(out, encodeDeployment(deployment));
  return { data: { file: out, ...deployment }, text: `election ${deployment.election}, written to ${out}` };
}
