import { createRequire } from "node:module";
import { DarajaError, generateToken } from "daraja-auth";

const required = createRequire(import.meta.url)("daraja-auth");
console.log(required.DarajaError === DarajaError, required.generateToken === generateToken);
