import * as daraja from "daraja-auth";
import { Simulator } from "daraja-auth/simulator";
import settings from "./settings.mjs";
import { suite } from "./suite.mjs";

console.log(JSON.stringify(await suite({ daraja, Simulator, ...settings })));
