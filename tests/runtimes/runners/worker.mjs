import { DarajaError, generateToken } from "daraja-auth";
import { Simulator } from "daraja-auth/simulator";
import { suite } from "./suite.mjs";

let isolate;

export default {
  async fetch(request, { settings }) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/suite")
      return Response.json(await suite({ generateToken, DarajaError, Simulator, ...settings }));
    isolate ??= crypto.randomUUID();
    const { baseUrl, consumerKey, consumerSecret } = settings;
    const path = searchParams.get("path") ?? undefined;
    const { accessToken } = await generateToken({ baseUrl, consumerKey, consumerSecret, path });
    return Response.json({ accessToken, isolate });
  },
};
