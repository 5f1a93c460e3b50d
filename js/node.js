import daraja from "./node.cjs";

export const { DarajaError, TokenManager, generateToken, isTokenRejected, memoryStore } = daraja;
