/** An access token and its end. The object is frozen. */
export interface AccessToken {
  /** The token, for the header `Authorization: Bearer <accessToken>`. */
  readonly accessToken: string;
  /** The token's lifetime in seconds, as Daraja stated it. It is 3599 if Daraja stated none. */
  readonly expiresIn: number;
  /** When the token ends, in milliseconds since the Unix epoch, counted from when the request was sent. */
  readonly expiresAt: number;
}
