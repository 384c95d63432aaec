/** Names of what the eligibility server keeps in Redis; one Redis serves one election. */
export const KEYS = {
  /** Which election this is. */
  about: 'eligibility:about',
  /** In which form this version stores it. */
  form: 'eligibility:form',
  /** Set once the register takes nothing more: what is published must not change. */
  closed: 'eligibility:closed',
  /** Credential key → packed registration. */
  registrations: 'eligibility:registrations',
  /** Commitment → credential key. */
  owners: 'eligibility:owners',
  /** Revoked credential key → packed revocation. */
  revocations: 'eligibility:revocations',
  /** Reserve key handed out → the credential it replaces. */
  replacements: 'eligibility:replacements',
  /** Subject of the second factor → credential key, and back. */
  subjects: 'eligibility:subjects',
  subjectOf: 'eligibility:subject-of',
  /** Stream of all that was taken, in its order. */
  events: 'eligibility:events',
  /** Prefix of a login that has begun, by its state; of the state of a credential's login. */
  login: 'eligibility:login:',
  loginOf: 'eligibility:login-of:',
  /** Challenge id → canonical JSON; credential key → how many it has made. */
  challenges: 'eligibility:challenges',
  challengesOf: 'eligibility:challenges-of',
  /** Who posts to the chain at the moment. */
  posting: 'eligibility:posting',
} as const;
