import entry from "./node.cjs";

export const { DarajaError, TokenManager, generateToken, isTokenRejected, memoryStore } = entry;
