import { relative, resolve } from 'node:path';
import type { Letter, Sample, SampleServices } from './sample.ts';

/** Letters that are shown: there are more, in the folders beside them. */
const SHOWN = 3;

const here = (path: string): string => relative(process.cwd(), path) || '.';

/** Tells whoever started it that people may register now, and with which letters. */
export function showLetters(letters: readonly Letter[], { open }: SampleServices): void {
  const lines = [
    '',
    'Registration is open. Register in a browser with the code of one of these letters:',
    `  ${open.url}/vote/`,
    ...letters
      .slice(0, SHOWN)
      .map(({ name, district, path }) => `  ${name.padEnd(16)} ${district.padEnd(8)} ${here(path)}`),
    '',
    'Keep the page: one votes with the identity that it makes. Press Enter when nobody wants to register any more, or at once: some',
    'others have registered, and can vote. The roll is made then, and voting opens.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Tells whoever started it what runs where, and what one can do now. */
export function showSample(sample: Sample, { boxes, open, services }: SampleServices): void {
  const folder = sample.folders[0] ?? '.';
  const urna = relative(folder, resolve('bin/urna.mjs'));
  const by = `--service ${open.url} --district ${sample.voters[0]?.district ?? ''}`;
  const to = boxes.map(({ url }) => `--box ${url}`).join(' ');
  const lines = [
    '',
    `Voting is open until ${new Date(sample.closesAt * 1000).toISOString()}. Assurance: single office, development keys: a sample, not an election.`,
    '',
    ...services.running.map(({ spec, url, log }) => `  ${spec.name.padEnd(10)} ${url}   log ${here(log)}`),
    `  ${'chain'.padEnd(10)} ${sample.rpc}   election ${sample.election}`,
    '',
    'Voters, each with an identity, a passphrase and an example of a vote in the own folder:',
    ...sample.voters.map(
      ({ name, district }, i) => `  ${name.padEnd(16)} ${district.padEnd(8)} ${here(sample.folders[i] ?? '')}`,
    ),
    '',
    'Vote in a browser: take one of these identities there with its file (identity.age) and what is in the file passphrase.',
    `  ${open.url}/vote/`,
    '',
    'Or with commands, as the first of them (change vote.json first, if you like), and follow the ballot:',
    `  cd ${here(folder)}`,
    `  ${urna} voter cast --identity identity.age --vote-file vote.json --out ballot ${by} ${to}`,
    `  ${urna} voter follow ballot/*.receipt-*.json`,
    '',
    'What anybody can see, in a browser or with commands:',
    `  ${open.url}/`,
    `  curl ${open.url}/v1/turnout`,
    `  bin/urna.mjs record fetch ${open.url} --out record && bin/urna.mjs record verify record --so-far`,
    '',
    'Registration is over in this sample. Ctrl-C ends everything; "npm start -- --fresh" begins another one, in which people can register first.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
