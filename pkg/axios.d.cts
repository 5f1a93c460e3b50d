import { TokenManager } from 'daraja-auth';

/** The members of a client that {@link withDaraja} uses. Clients of axios 1, and of axios 0.22 and later, have them. */
interface AxiosClient {
    /** The configuration of each request, unless the request says otherwise. */
    readonly defaults: object;
    /** The interceptors. One of them gives each request its token. */
    readonly interceptors: {
        /** The functions that a request goes through before it is sent. */
        readonly request: object;
    };
}
/**
 * Lets a client of axios call Daraja with the tokens of a manager, as {@link TokenManager.fetch} does. Returns the
 * client.
 *
 * Each request carries a live token. If Daraja rejects the token, the manager replaces it, and the request is sent once
 * more: the gateway rejected it, so it was not carried out. A second rejection, and any other answer, comes from axios
 * as usual. A body that is a stream is sent once. Redirects are not followed. A URL of another origin is an error,
 * because the token is for the manager's `baseUrl` only. A client without a `baseURL` gets the manager's.
 *
 * Your interceptors run once for each request, and get no token. Other clients of axios are not changed.
 *
 * @param client A client from `axios.create()` that only calls Daraja, of axios 1, or of axios 0.22 or later.
 * @param tokens The manager of the app.
 * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, if the client is not one of axios, or `tokens` is not a manager.
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
