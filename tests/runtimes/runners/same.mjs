import { createRequire } from "node:module";
import * as daraja from "daraja-auth";
import * as simulator from "daraja-auth/simulator";

const require = createRequire(import.meta.url);
const imported = { ...daraja, ...simulator };
const required = { ...require("daraja-auth"), ...require("daraja-auth/simulator") };
const names = ["generateToken", "TokenManager", "isTokenRejected", "memoryStore", "DarajaError", "Simulator"];
const same = names.map((name) => [name, typeof imported[name] === "function" && imported[name] === required[name]]);
console.log(JSON.stringify(Object.fromEntries(same)));
