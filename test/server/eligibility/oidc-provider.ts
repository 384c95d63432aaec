import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A real OpenID Connect provider as a process: `redirect-uri client-id client-secret [issuer]`. Whoever types a name is that person. Tells its address. */
const [redirectUri = '', clientId = '', clientSecret = '', named] = process.argv.slice(2);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(named ?? address, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    cookies: { keys: ['of this test only'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
  });
  server.on('request', provider.callback());
  process.stdout.write(`${address}\n`);
});
process.once('disconnect', () => process.exit(0));
