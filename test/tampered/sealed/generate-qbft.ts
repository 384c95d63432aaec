import { runChecks } from '../../../protocol/checks/run.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { decodeSeals, encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { startCliqueChain } from '../../contracts/network/clique-chain.ts';
import { prepareWorld } from '../../server/world.ts';
import { addressesOf, qbftKeys, sealQbft, toQbft } from './seal-qbft.ts';
import { tellElection } from './tell.ts';
import { writeSealedElection } from './vector.ts';

/**
 * Makes `test/vectors/sealed-qbft.json.gz` anew: an election whose definition says that four validators seal its chain by QBFT, told on a geth, whose states
 * and proofs are real; its headers are rewritten as Besu writes them and sealed with keys that only exist here. No Besu runs where this was written.
 */
const keys = qbftKeys(4);
const times = (now: number): Record<string, number> => ({
  ...{ registrationOpens: now + 120, registrationCloses: now + 160, challengeSeconds: 20, opensAt: now + 185 },
  ...{ closesAt: now + 4_000, graceSeconds: 40, settleSeconds: 20, maxExtensionSeconds: 600 },
});
const chain = await startCliqueChain(1);
const world = await prepareWorld(
  { voters: [6, 2] },
  {
    ...{ chain, times },
    change: (definition) => {
      const validators = addressesOf(keys).map((each) => encodeHex(each));
      definition['chain'] = { id: chain.chain.id, profile: 'besu-qbft', validators };
    },
  },
);
const { definition } = world.made;
// The chain itself is geth's, and read as such.
const asGeth = { ...definition, chain: { ...definition.chain, profile: 'clique' as const } };
const told = await tellElection(world, asGeth, () => chain.advance(8));

function resealed(file: Uint8Array): Uint8Array {
  const { headers, nodes } = decodeSeals(file);
  return encodeSeals({ headers: [sealQbft(toQbft(at(headers, 0)), keys, { sealers: [0, 1, 2] })], nodes });
}

const evidence = { ...told.evidence, seals: resealed(told.evidence.seals ?? new Uint8Array()) };
const { checks } = await runChecks(told.entries, evidence);
for (const { number, items, ok, detail } of checks) process.stdout.write(`${number} ${ok} ${items} ${detail}\n`);
writeSealedElection({ entries: told.entries, evidence, earlier: resealed(told.earlier), keys }, 'qbft');
await world.close();
process.exit(0);
