/**
 * Names of the options of Besu's command and configuration file: headings of the reference pages "Options" for public and private networks in Besu's
 * documentation (hyperledger/besu-docs, commit faacf356, 11 March 2026: docs/public-networks/reference/cli/options.md and
 * docs/private-networks/reference/cli/options.md).
 */
export const DOCUMENTED_OPTIONS: ReadonlySet<string> = new Set(
  `
api-gas-price-blocks api-gas-price-max api-gas-price-percentile auto-log-bloom-caching-enabled banned-node-ids block-txs-selection-max-time
bonsai-historical-block-limit bonsai-limit-trie-logs-enabled bonsai-parallel-tx-processing-enabled bonsai-trie-logs-pruning-window-size
bootnodes cache-last-block-headers cache-last-block-headers-preload-enabled cache-last-blocks color-enabled config-file data-path
data-storage-format discovery-dns-url discovery-enabled engine-host-allowlist engine-jwt-disabled engine-jwt-secret engine-rpc-enabled
engine-rpc-port era1-data-uri era1-import-prepipeline-concurrency era1-import-prepipeline-enabled estimate-gas-tolerance-ratio ethstats
ethstats-cacert-file ethstats-contact ethstats-report-interval genesis-file genesis-state-hash-cache-enabled graphql-http-cors-origins
graphql-http-enabled graphql-http-host graphql-http-port graphql-mtls-enabled graphql-tls-enabled graphql-tls-keystore-file
graphql-tls-keystore-password-file graphql-tls-truststore-file graphql-tls-truststore-password-file history-expiry-prune host-allowlist
identity json-pretty-print-enabled key-value-storage kzg-trusted-setup logging max-peers metrics-category metrics-enabled metrics-host
metrics-port metrics-protocol metrics-push-enabled metrics-push-host metrics-push-interval metrics-push-port metrics-push-prometheus-job
min-block-occupancy-ratio min-gas-price min-priority-fee miner-extra-data nat-method net-restrict network network-id node-private-key-file
p2p-enabled p2p-host p2p-interface p2p-port permissions-accounts-config-file permissions-accounts-config-file-enabled
permissions-nodes-config-file permissions-nodes-config-file-enabled plugin-block-txs-selection-max-time plugin-continue-on-error plugins
plugins-verification-mode poa-block-txs-selection-max-time poa-discovery-retry-bootnodes print-paths-and-exit profile
random-peer-priority-enabled receipt-compaction-enabled remote-connections-limit-enabled remote-connections-max-percentage
reorg-logging-threshold required-block revert-reason-enabled rpc-gas-cap rpc-http-api rpc-http-api-methods-no-auth
rpc-http-authentication-credentials-file rpc-http-authentication-enabled rpc-http-authentication-jwt-algorithm
rpc-http-authentication-jwt-public-key-file rpc-http-cors-origins rpc-http-enabled rpc-http-host rpc-http-max-active-connections
rpc-http-max-batch-size rpc-http-max-request-content-length rpc-http-port rpc-http-tls-ca-clients-enabled rpc-http-tls-cipher-suite
rpc-http-tls-client-auth-enabled rpc-http-tls-enabled rpc-http-tls-keystore-file rpc-http-tls-keystore-password-file
rpc-http-tls-known-clients-file rpc-http-tls-protocol rpc-http-tls-truststore-file rpc-http-tls-truststore-password-file rpc-max-logs-range
rpc-max-trace-filter-range rpc-tx-feecap rpc-ws-api rpc-ws-api-methods-no-auth rpc-ws-authentication-credentials-file
rpc-ws-authentication-enabled rpc-ws-authentication-jwt-algorithm rpc-ws-authentication-jwt-public-key-file rpc-ws-enabled rpc-ws-host
rpc-ws-max-active-connections rpc-ws-max-frame-size rpc-ws-port rpc-ws-ssl-cert-file rpc-ws-ssl-client-auth-enabled rpc-ws-ssl-enabled
rpc-ws-ssl-key-file rpc-ws-ssl-keystore-file rpc-ws-ssl-keystore-password rpc-ws-ssl-keystore-password-file rpc-ws-ssl-keystore-type
rpc-ws-ssl-trustcert-file rpc-ws-ssl-truststore-file rpc-ws-ssl-truststore-password rpc-ws-ssl-truststore-password-file
rpc-ws-ssl-truststore-type security-module snapsync-server-enabled snapsync-synchronizer-pre-checkpoint-headers-only-enabled
snapsync-synchronizer-transaction-indexing-enabled static-nodes-file strict-tx-replay-protection-enabled sync-min-peers sync-mode
target-gas-limit tx-pool tx-pool-blob-price-bump tx-pool-enable-balance-check tx-pool-enable-save-restore tx-pool-layer-max-capacity
tx-pool-limit-by-account-percentage tx-pool-max-future-by-sender tx-pool-max-prioritized tx-pool-max-prioritized-by-type tx-pool-max-size
tx-pool-min-gas-price tx-pool-min-score tx-pool-no-local-priority tx-pool-price-bump tx-pool-priority-senders tx-pool-retention-hours
tx-pool-save-file version-compatibility-protection
`
    .trim()
    .split(/\s+/u),
);
