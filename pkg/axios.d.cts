import { TokenManager } from 'daraja-auth';

/** What {@link withDaraja} needs of a client. Those of axios 1 and of axios 0.22 and later have it. */
interface AxiosClient {
    /** The configuration of each request, unless the request says otherwise. */
    readonly defaults: object;
    /** Where the client is given its tokens. */
    readonly interceptors: {
        /** The functions that a request goes through before it is sent. */
        readonly request: object;
    };
}
/**
 * Lets a client of axios call Daraja with the tokens of a manager, as {@link TokenManager.fetch} does; gives the client.
 *
 * Each request carries a live token. If Daraja rejects the token, the manager replaces it, and the request is sent once
 * more: the gateway rejected it, so it was not carried out. A second rejection, and any other answer, is what axios gives.
 * A body that is a stream is sent once. Redirects are not followed, and a URL of another origin is an error: the token is
 * for the manager's `baseUrl` only. Without a `baseURL` the client gets that one.
 *
 * Your interceptors run once for each request, and never see the token. Each other client of axios stays as it is.
 *
 * @param client A client of its own, from `axios.create()`, of axios 1 or axios 0.22 or later.
 * @param tokens The manager of the app.
 * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, if the client is no client of axios, or `tokens` no manager.
 * @example
 * ```js
 * import axios from "axios";
 * import { TokenManager } from "daraja-auth";
 * import { withDaraja } from "daraja-auth/axios";
 *
 * const tokens = new TokenManager({ consumerKey, consumerSecret, environment: "production" });
 * const daraja = withDaraja(axios.create(), tokens);
 *
 * const { data } = await daraja.post("/mpesa/stkpush/v1/processrequest", payment);
 * ```
 */
declare function withDaraja<Axios extends AxiosClient>(client: Axios, tokens: TokenManager): Axios;

export { withDaraja };
export type { AxiosClient };
