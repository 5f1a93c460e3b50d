import { generateToken } from "daraja-auth";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";

const server = setupServer(
  http.get("https://sandbox.safaricom.co.ke/oauth/v1/generate", ({ request }) => {
    const known = request.headers.get("authorization") === `Basic ${btoa("key:secret")}`;
    const asked = new URL(request.url).search === "?grant_type=client_credentials";
    if (!known || !asked) return new HttpResponse(null, { status: 400 });
    return HttpResponse.json({ access_token: "mocked", expires_in: "3599" });
  }),
);
server.listen({ onUnhandledRequest: "error" });

const { accessToken } = await generateToken({ consumerKey: "key", consumerSecret: "secret" });
const { code } = await generateToken({ consumerKey: "key", consumerSecret: "wrong" }).catch((error) => error);
console.log(accessToken, code);
server.close();
