const { DarajaError, TokenManager, generateToken, isTokenRejected, memoryStore } = require("./index.cjs");
module.exports = { DarajaError, TokenManager, generateToken, isTokenRejected, memoryStore };
