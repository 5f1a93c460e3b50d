import { createRequire } from "node:module";
import { DarajaError, generateToken } from "daraja-auth";
import { Simulator } from "daraja-auth/simulator";

const require = createRequire(import.meta.url);
const required = { ...require("daraja-auth"), ...require("daraja-auth/simulator") };
console.log(
  required.DarajaError === DarajaError,
  required.generateToken === generateToken,
  required.Simulator === Simulator,
);
