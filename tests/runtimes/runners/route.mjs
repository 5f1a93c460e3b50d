import * as daraja from "daraja-auth";
import { Simulator } from "daraja-auth/simulator";
import { suite } from "../../suite.mjs";

export async function GET(request) {
  const { searchParams } = new URL(request.url);
  const settings = JSON.parse(process.env.DARAJA_SETTINGS);
  if (searchParams.has("suite")) return Response.json(await suite({ daraja, Simulator, ...settings }));
  const { baseUrl, consumerKey, consumerSecret } = settings;
  const { accessToken } = await daraja.generateToken({ baseUrl, consumerKey, consumerSecret });
  return Response.json({ accessToken, edge: typeof EdgeRuntime === "string" });
}
