import {
  AuthorizationResponseError,
  ClientError,
  ClientSecretBasic,
  ResponseBodyError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  randomPKCECodeVerifier,
} from 'openid-client';
import type { Configuration } from 'openid-client';
import { decodeUtf8 } from '../../../protocol/canonical-json.ts';
import { loginNonce } from '../../../protocol/credentials/login-nonce.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { readSecret } from '../../../protocol/node/files.ts';
import type { SecondFactorKind } from './kinds.ts';
import type { Login, SecondFactor } from './second-factor.ts';

/** An OpenID Connect provider, and us as its client. */
interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Our route `/v1/oidc/callback` as browsers reach it. */
  readonly callbackUrl: string;
}

/** OpenID Connect, as a kind of second factor. */
export const oidc: SecondFactorKind = {
  needs: ['oidcIssuer', 'oidcClientId', 'oidcClientSecretFile', 'oidcCallbackUrl'],
  issuer: ({ oidcIssuer }) => oidcIssuer,
  async open({
    oidcIssuer: issuer,
    oidcClientId: clientId,
    oidcClientSecretFile,
    oidcCallbackUrl: callbackUrl,
    oidcReturnUrl,
  }) {
    const clientSecret = decodeUtf8(await readSecret(oidcClientSecretFile, 4096)).replace(/\r?\n$/u, '');
    const factor = oidcSecondFactor({ issuer, clientId, clientSecret, callbackUrl });
    return { factor, callbackUrl, returnUrl: oidcReturnUrl === '' ? undefined : oidcReturnUrl };
  },
};

/** OpenID Connect: authorization code flow with PKCE, state and nonce (the one importer of `openid-client`). Asks for the subject, nothing else. */
function oidcSecondFactor(settings: OidcSettings): SecondFactor {
  let found: Promise<Configuration> | undefined;
  const provider = (): Promise<Configuration> => {
    found ??= discover(settings);
    found.catch(() => (found = undefined));
    return found;
  };
  return {
    async begin({ registration, salt, state }) {
      const memory = randomPKCECodeVerifier();
      const url = buildAuthorizationUrl(await provider(), {
        ...{
          redirect_uri: settings.callbackUrl,
          scope: 'openid',
          state,
          nonce: loginNonce(registration.commitment, salt),
        },
        ...{ code_challenge: await calculatePKCECodeChallenge(memory), code_challenge_method: 'S256' },
        // Whoever sits at a shared computer is asked, not who sat there before.
        prompt: 'login',
      });
      return { url: url.href, memory };
    },
    finish: async (callback, login) => subjectOf(await provider(), callback, login),
  };
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
  const url = new URL(issuer);
  const isLocal = url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const options = isLocal ? { execute: [allowInsecureRequests] } : {};
  try {
    return await discovery(url, clientId, undefined, ClientSecretBasic(clientSecret), options);
  } catch {
    throw new UrnaError('second-factor/provider', 'the second factor’s provider does not answer: try again later');
  }
}

async function subjectOf(provider: Configuration, callback: URL, login: Login): Promise<string> {
  const checks = {
    ...{
      expectedState: login.state,
      expectedNonce: loginNonce(login.registration.commitment, login.salt),
      pkceCodeVerifier: login.memory,
    },
    idTokenExpected: true,
  };
  try {
    const subject = (await authorizationCodeGrant(provider, callback, checks)).claims()?.sub;
    if (subject !== undefined && subject !== '') return subject;
  } catch (error) {
    const refused = [AuthorizationResponseError, ResponseBodyError, ClientError].some((type) => error instanceof type);
    if (refused && !isAway(error)) {
      throw new UrnaError(
        'second-factor/refused',
        'the second factor’s provider did not confirm this login: begin again',
      );
    }
    throw new UrnaError('second-factor/provider', 'the second factor’s provider does not answer: try again later');
  }
  throw new UrnaError('second-factor/refused', 'the second factor’s provider did not say who logged in');
}

/** Whether there was no answer, or one that says of the provider that it cannot work: nothing is said of the login then. */
function isAway(error: unknown): boolean {
  const { code, status, cause } = error as {
    readonly code?: string;
    readonly status?: number;
    readonly cause?: unknown;
  };
  const answered = status ?? (cause instanceof Response ? cause.status : 0);
  const isSick =
    answered >= 500 || answered === 429 || SICK.includes((error as { readonly error?: string }).error ?? '');
  return isSick || code === undefined || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT';
}

/** What RFC 6749 (4.1.2.1) has providers say of themselves, through the browser. */
const SICK = ['server_error', 'temporarily_unavailable'];
