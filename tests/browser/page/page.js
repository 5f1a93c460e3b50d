import { DarajaError, generateToken } from "daraja-auth";
import { show } from "./show.js";

const { redirect, ...daraja } = JSON.parse(decodeURIComponent(location.hash.slice(1)));

async function refusal(options) {
  try {
    return { token: await generateToken({ ...daraja, retries: 0, ...options }) };
  } catch (error) {
    return { ours: error instanceof DarajaError, code: error.code, status: error.status };
  }
}

async function aborted() {
  const controller = new AbortController();
  const reason = new Error("the user left");
  setTimeout(() => controller.abort(reason), 200);
  try {
    return { token: await generateToken({ ...daraja, path: "/hang", signal: controller.signal }) };
  } catch (error) {
    return { isTheReason: error === reason };
  }
}

async function outcome() {
  const token = await generateToken(daraja);
  return {
    fields: Object.keys(token),
    accessToken: token.accessToken.replace(/\d{4}$/, ""),
    expiresIn: token.expiresIn,
    frozen: Object.isFrozen(token),
    wrongSecret: await refusal({ consumerSecret: "wrong" }),
    silence: await refusal({ path: "/hang", timeoutMs: 300 }),
    redirect: await refusal({ path: redirect }),
    aborted: await aborted(),
  };
}

show(outcome());
