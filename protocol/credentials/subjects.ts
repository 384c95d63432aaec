import { decodeSignature, recoverSigner, signDigest } from '../acts/signature.ts';
import type { Json } from '../canonical-json.ts';
import { canonicalBytes, canonicalJson, parseCanonical } from '../canonical-json.ts';
import type { Definition } from '../definition/definition.ts';
import { concatBytes, decodeHex, encodeHex, encodeText } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { require } from '../errors.ts';
import { domainTag, keccak256, sha256 } from '../hash.ts';
import { readLines, readMembers } from '../json-members.ts';
import type { ElectionContext } from './registration.ts';

const FILE = 'subjects/file';
const SEALED = 'subjects/sealed';

/** keccak256 of tag("subject"), definition hash, and the hashes of provider and subject: of use in one election only, and no name. */
export function subjectHash(definitionHash: Hex, issuer: string, subject: string): Uint8Array {
  const parts = [issuer, subject].map((text) => keccak256(encodeText(text)));
  return keccak256(concatBytes(domainTag('subject'), decodeHex(definitionHash, 32), ...parts));
}

/** The file of eligible subjects: their hashes as hex, ascending, one a line. @param subjects - as the provider names them, each once @throws `subjects/file` */
export function encodeSubjects(definitionHash: Hex, issuer: string, subjects: Iterable<string>): string {
  const hashes = [...subjects].map((subject) => encodeHex(subjectHash(definitionHash, issuer, subject))).sort();
  hashes.forEach((hash, i) => require(hash !== hashes[i - 1], FILE, 'a subject is listed twice'));
  return hashes.map((hash) => `${hash}\n`).join('');
}

/** What officers sign of the list of those who may register with a second factor (SPEC §17.1). */
export type SubjectsStatement = Readonly<Record<string, Json>> & {
  readonly type: 'urna/v1/subjects';
  readonly chainId: number;
  readonly election: Hex;
  readonly definitionHash: Hex;
  /** The provider that names the subjects. */
  readonly issuer: string;
  /** Of the file. */
  readonly sha256: Hex;
  /** How many they are. */
  readonly subjects: number;
};

/** The statement about a list. */
export function subjectsStatement(
  { chainId, election, definitionHash }: ElectionContext,
  { issuer, sha256: hash, subjects }: Pick<SubjectsStatement, 'issuer' | 'sha256' | 'subjects'>,
): SubjectsStatement {
  return { type: 'urna/v1/subjects', chainId, election, definitionHash, issuer, sha256: hash, subjects };
}

/** The statement about the file that {@link encodeSubjects} makes of these subjects. @throws `subjects/file` */
export function stateSubjects(
  context: ElectionContext,
  issuer: string,
  subjects: readonly string[],
): SubjectsStatement {
  const file = encodeSubjects(context.definitionHash, issuer, subjects);
  return subjectsStatement(context, { issuer, sha256: encodeHex(sha256(encodeText(file))), subjects: subjects.length });
}

/** keccak256 of `tag("subjects")` and the RFC 8785 bytes of the statement. */
function digestOf(statement: SubjectsStatement): Uint8Array {
  return keccak256(concatBytes(domainTag('subjects'), canonicalBytes(statement)));
}

/** A line of the seal: the statement as one officer signs it. The seal is the lines of a quorum. */
export function signSubjects(statement: SubjectsStatement, privateKey: Uint8Array): string {
  return `${canonicalJson({ statement, signature: encodeHex(signDigest(digestOf(statement), privateKey)) })}\n`;
}

/** Refuses a list that a quorum of the definition's officers has not sealed. @throws `subjects/sealed`, `signature/invalid`, `encoding/hex`, `json/*` */
export function requireSealed(
  seal: string,
  statement: SubjectsStatement,
  { officers }: Pick<Definition, 'officers'>,
): void {
  const signers = readLines(seal, SEALED).map((line) => {
    const signed = readMembers(parseCanonical(line), ['signature', 'statement'], SEALED);
    const same = canonicalJson(signed.statement ?? null) === canonicalJson(statement);
    require(same, SEALED, 'an officer has signed another list of eligible subjects, or for another provider or election');
    return recoverSigner(digestOf(statement), decodeSignature(signed.signature));
  });
  const quorum = new Set(signers.filter((signer) => officers.keys.includes(signer))).size;
  require(quorum >=
    officers.quorum, SEALED, `the list of eligible subjects is sealed by ${quorum} of ${officers.quorum} officers`);
}
