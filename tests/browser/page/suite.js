import * as daraja from "daraja-auth";
import { Simulator } from "daraja-auth/simulator";
import settings from "./settings.mjs";
import { show } from "./show.js";
import { suite } from "./suite.mjs";

show(suite({ daraja, Simulator, ...settings }));
