import { publishedBuilds } from '../../contracts/deploy/builds.ts';
import { readVerifyingArtifacts } from '../../circuits/artifacts.ts';
import { circuitName, lanesFor } from '../../protocol/ballot/rules.ts';
import { canonicalBytes } from '../../protocol/canonical-json.ts';
import { encodeDefinition } from '../../protocol/definition/decode.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import { openServed } from '../frame/election.ts';
import { connectRedis } from '../frame/redis.ts';
import { runMain, serve } from '../frame/serve.ts';
import { loadSettings } from '../frame/settings.ts';
import { createPublicService } from './service.ts';
import { publicSettings } from './settings.ts';

await runMain(async () => {
  const settings = await loadSettings(publicSettings, { args: process.argv.slice(2), env: process.env });
  const served = await openServed(settings);
  const own = ownFiles(served.definition, settings.artifactsFolder);
  const redis = await connectRedis(settings.redisUrl, (line) => process.stderr.write(`${line}\n`));
  const service = await createPublicService({ served, redis, own, settings });
  await serve(service.server, settings, async () => {
    await service.close();
    await redis.close();
  });
});

/** The files that this software publishes itself (SPEC §14.5). @throws `artifacts/*` */
function ownFiles(definition: Definition, artifacts: string): Record<string, Uint8Array> {
  const build = Object.entries(publishedBuilds()).map(([name, { codeBytes, codeHash }]) => [
    name,
    { codeBytes, codeHash },
  ]);
  const circuits = [...new Set(definition.contests.map(({ options }) => circuitName(lanesFor(options.length))))];
  return {
    'election.json': encodeDefinition(definition),
    'build.json': canonicalBytes(Object.fromEntries(build)),
    ...Object.fromEntries(
      circuits.flatMap((name) => {
        const { verifyingKeyBytes, manifestBytes } = readVerifyingArtifacts(artifacts, name, definition.environment);
        return [
          [`circuits/${name}/vkey.json`, verifyingKeyBytes],
          [`circuits/${name}/manifest.json`, manifestBytes],
        ];
      }),
    ),
  };
}
