import * as daraja from "daraja-auth";
import settings from "./settings.mjs";
import { show } from "./show.js";
import { suite } from "./suite.mjs";

show(suite({ ...daraja, ...settings }));
