import { TokenManager } from "daraja-auth";
import settings from "./settings.mjs";

const { answers, ...valid } = settings;
const tokens = new TokenManager({ ...valid, renewInBackground: true });
const { expiresIn } = await tokens.getToken();
console.log(`a token for ${expiresIn} s`);
