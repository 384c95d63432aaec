import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStatus } from '../../../contracts/client/election.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { circuitName } from '../../../protocol/ballot/rules.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { setupHash } from '../../../protocol/checks/setup-hash.ts';
import { definitionHash, encodeDefinition } from '../../../protocol/definition/decode.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import type { Redis } from '../../../server/frame/redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';
import type { PublicService } from '../../../server/public/service.ts';
import { createPublicService } from '../../../server/public/service.ts';
import type { DeployedElection } from '../../contracts/deploy/development.ts';
import { deployDevelopment } from '../../contracts/deploy/development.ts';
import { Story } from '../../contracts/follower/story.ts';
import { trapdoorCircuit } from '../../contracts/follower/voters.ts';

/** An election told step by step, with a Redis and a folder for a public service that follows it. */
export class PublicWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'urna-public-'));
  readonly chain: EmbeddedChain;
  readonly made: DeployedElection;
  readonly story: Story;
  readonly redisServer: PrivateRedis;
  readonly lines: string[] = [];
  #redis: Redis | undefined;

  private constructor(chain: EmbeddedChain, made: DeployedElection, redisServer: PrivateRedis) {
    [this.chain, this.made, this.redisServer] = [chain, made, redisServer];
    this.story = new Story(chain, made);
  }

  static async open(): Promise<PublicWorld> {
    const chain = await startEmbeddedChain();
    const made = await deployDevelopment(chain, (definition) => {
      definition['setupHash'] = wordHex(setupHash([trapdoorCircuit()]));
    });
    const redis = await startPrivateRedis(mkdtempSync(join(tmpdir(), 'urna-public-redis-')));
    return new PublicWorld(chain, made, redis);
  }

  get publicFolder(): string {
    return join(this.folder, 'public');
  }

  get recordFolder(): string {
    return join(this.folder, 'record');
  }

  /** The built web client that the service is to serve; none by default. */
  webFolder = '';

  /** What authority and registrar publish. */
  publish(): void {
    const { credentials, registrations } = this.story.offices;
    mkdirSync(join(this.publicFolder, 'credentials'), { recursive: true });
    this.made.definition.districts.forEach(({ id }, i) => {
      writeFileSync(join(this.publicFolder, 'credentials', `${id}.json`), credentials[i] ?? '');
    });
    writeFileSync(join(this.publicFolder, 'registrations-1.jsonl'), registrations);
  }

  /** From deployment until all is ready for the first ballot. */
  async prepare(): Promise<void> {
    await this.story.approveAndSeal();
    await this.story.makeKeys();
    await this.story.makeRoll();
    this.publish();
    await this.story.extendAndPrepare();
  }

  /** From deployment to the first casts, changed vote and mask. */
  async vote(): Promise<void> {
    await this.prepare();
    await this.story.vote();
  }

  /** A service on the same Redis and folder, as if its process had been started again. */
  async service(): Promise<PublicService> {
    const { at, definition } = this.made;
    this.#redis = await connectRedis(this.redisServer.url, () => undefined);
    const context = {
      chainId: at.connection.chainId,
      election: at.election,
      definitionHash: definitionHash(definition),
    };
    const { lanes, verifyingKey, manifest } = trapdoorCircuit();
    const build = Object.entries(publishedBuilds()).map(([name, { codeBytes, codeHash }]) => [
      name,
      { codeBytes, codeHash },
    ]);
    const services = ['registrar=https://registrar.example', 'box-2=https://box.example/a=b'];
    return createPublicService({
      served: { definition, at, context },
      redis: this.#redis,
      own: {
        'election.json': encodeDefinition(definition),
        'build.json': canonicalBytes(Object.fromEntries(build)),
        [`circuits/${circuitName(lanes)}/vkey.json`]: verifyingKey,
        [`circuits/${circuitName(lanes)}/manifest.json`]: manifest,
      },
      settings: {
        ...{ origins: ['https://vote.example'], connectionRate: 10_000, services, maxListeners: 3 },
        ...{ recordFolder: this.recordFolder, publicFolder: this.publicFolder, webFolder: this.webFolder },
        artifactsFolder: join(this.folder, 'artifacts'),
      },
      logTo: { write: (line) => void this.lines.push(line) },
    });
  }

  /** Ends a service as its process would end. */
  async end(service: PublicService): Promise<void> {
    await service.close();
    await this.#redis?.close();
  }

  async stop(): Promise<void> {
    await this.redisServer.stop();
    await this.chain.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Waits until the service has read the chain's newest block. */
  async caughtUp({ parts }: PublicService): Promise<void> {
    const { block } = await readStatus(this.made.at);
    for (let tries = 0; tries < 400; tries++) {
      const isThere = (parts.store.held.state?.next ?? 0) > Number(block);
      if (isThere && parts.status.answers && Number(parts.status.status.block) >= Number(block)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the service does not follow');
  }
}
