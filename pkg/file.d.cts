import { TokenStore } from 'daraja-auth';

/**
 * A store for the processes of one machine: pm2, cluster, cron, the command line. For Node, Deno and Bun.
 *
 * `path` is a folder on a local disk that is the store's own; it is made when it is first needed, readable by its owner
 * only. A process that is killed, at whatever moment, leaves no lock and no half-written record. Network file systems are
 * not for this, and neither is a folder that several machines or users share.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, when that is no path.
 *
 * @example
 * ```js
 * import { TokenManager } from "daraja-auth";
 * import { fileStore } from "daraja-auth/file";
 *
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store: fileStore("/var/lib/shop/daraja-tokens") });
 * ```
 */
declare function fileStore(path: string): TokenStore;

export { fileStore };
