import { encodeQR } from 'qr';

/** Letters that are written at once. */
const SHEETS = 100;

/** What a letter tells its voter. */
export interface Letter {
  readonly name: string;
  readonly address: readonly string[];
  readonly election: string;
  readonly district: string;
  readonly code: string;
}

/** A letter as plain text; the code stands alone on its line. */
export function textLetter({ name, address, election, district, code }: Letter): string {
  return `${[name, ...address].join('\n')}

${election}
District: ${district}

Your voting credential:

    ${code}

Use it once to register. It is yours alone: whoever has it can register in your place.
If it is lost or seen by others before you registered, ask the election office for another.
`;
}

/** All letters as one HTML page in pieces, one sheet of paper each; nothing is loaded from anywhere. */
export function* htmlLetters(letters: readonly Letter[]): Generator<string> {
  yield `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Voting credentials</title>
<style>
  body { font: 12pt/1.5 serif; margin: 0 }
  section { page-break-after: always; padding: 25mm 20mm }
  .code { font: bold 18pt/2 monospace; letter-spacing: .05em }
  svg { display: block; width: 35mm; height: 35mm; margin: 0 0 1em -4mm }
</style>
`;
  for (let start = 0; start < letters.length; start += SHEETS) {
    yield `${letters
      .slice(start, start + SHEETS)
      .map(section)
      .join('\n')}\n`;
  }
  yield '</html>\n';
}

function section({ name, address, election, district, code }: Letter): string {
  return `<section>
<address>${[name, ...address].map(escape).join('<br>')}</address>
<h1>${escape(election)}</h1>
<p>District: ${escape(district)}</p>
<p>Your voting credential:</p>
<p class="code">${escape(code)}</p>
${qrCode(code)}
<p>The square says the same, for the camera of the voting page. Photograph it for nobody.</p>
<p>Use it once to register. It is yours alone: whoever has it can register in your place.
If it is lost or seen by others before you registered, ask the election office for another.</p>
</section>`;
}

/**
 * The code alone: an address with the code in it would end up in histories and logs, whoever's camera reads it.
 * With room for folds and stains (ISO/IEC 18004, level M), and the empty margin without which readers do not find it.
 */
function qrCode(code: string): string {
  return encodeQR(code, 'svg', { ecc: 'medium', border: 4 });
}

function escape(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
