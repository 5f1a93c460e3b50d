import { TokenStore } from 'daraja-auth';

/**
 * A store for the processes of one machine: pm2, cluster, cron, the command line. For Node, Deno and Bun.
 *
 * `path` is a folder on a local disk, for this store only. It is made when it is first needed. Only its owner can read
 * it. A process that is killed at any moment leaves no lock and no half-written record. Do not use a network file
 * system, or a folder that several machines or users share.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, if the argument is not a path.
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
