import { DarajaError, generateToken } from "daraja-auth";
import { Simulator } from "daraja-auth/simulator";
import settings from "./settings.mjs";
import { suite } from "./suite.mjs";

console.log(JSON.stringify(await suite({ generateToken, DarajaError, Simulator, ...settings })));
