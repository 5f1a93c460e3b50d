// The request as code in several languages. The code reads the keys from variables, and contains none.
import { copyButton } from "./copying.js";
import { element } from "./element.js";

const PATH = "/oauth/v1/generate?grant_type=client_credentials";

/**
 * The code for a base URL, by language. `environment` is the package's name for that URL, if there is one.
 *
 * @param {Page.Place} place
 * @returns {Record<string, string>}
 */
export function snippetsFor({ baseUrl, environment }) {
  const where = environment ? `environment: "${environment}"` : `baseUrl: "${baseUrl}"`;
  return {
    curl: `curl --user "$DARAJA_CONSUMER_KEY:$DARAJA_CONSUMER_SECRET" \\
  "${baseUrl}${PATH}"
`,
    fetch: `const { DARAJA_CONSUMER_KEY, DARAJA_CONSUMER_SECRET } = process.env;
const pair = Buffer.from(\`\${DARAJA_CONSUMER_KEY}:\${DARAJA_CONSUMER_SECRET}\`);

const response = await fetch("${baseUrl}${PATH}", {
  headers: { Authorization: \`Basic \${pair.toString("base64")}\` },
});
// A refusal may have an empty body, on which response.json() throws.
if (!response.ok) throw new Error(\`Daraja refused: HTTP \${response.status}\`);
const { access_token, expires_in } = await response.json();
console.log(access_token, Number(expires_in));
`,
    php: `<?php
$curl = curl_init("${baseUrl}${PATH}");
curl_setopt_array($curl, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 10,
    CURLOPT_USERPWD => getenv("DARAJA_CONSUMER_KEY") . ":" . getenv("DARAJA_CONSUMER_SECRET"),
]);
$body = curl_exec($curl);
$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
// The body of a refusal may be empty.
if ($status !== 200) {
    throw new RuntimeException("Daraja refused: HTTP $status");
}
$token = json_decode($body, true, 512, JSON_THROW_ON_ERROR);
echo $token["access_token"], " ", (int) $token["expires_in"], "\\n";
`,
    python: `import json
import os
from base64 import b64encode
from urllib.request import Request, urlopen

pair = f"{os.environ['DARAJA_CONSUMER_KEY']}:{os.environ['DARAJA_CONSUMER_SECRET']}"
request = Request(
    "${baseUrl}${PATH}",
    headers={"Authorization": "Basic " + b64encode(pair.encode()).decode()},
)
# urlopen raises HTTPError where Daraja refuses.
with urlopen(request, timeout=10) as response:
    token = json.load(response)
print(token["access_token"], int(token["expires_in"]))
`,
    package: `import { generateToken } from "daraja-auth";

const { accessToken, expiresIn, expiresAt } = await generateToken({
  consumerKey: process.env.DARAJA_CONSUMER_KEY,
  consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
  ${where},
});
console.log(accessToken, expiresIn, new Date(expiresAt));
`,
  };
}

const NAMES = { curl: "curl", fetch: "fetch", php: "PHP", python: "Python", package: "daraja-auth" };

/** Shows one of the texts, by radio buttons. */
export class Snippets {
  /** @type {Record<string, string>} */
  #texts = {};
  #chosen = "curl";
  // The text scrolls, so the keyboard must reach it.
  #pre = element("pre", { id: "code-text", role: "region", "aria-label": "Code", tabindex: 0 });

  /** @param {HTMLElement} section */
  constructor(section) {
    const choices = element("fieldset", { class: "choices" }, element("legend", { class: "unseen" }, "Code as"));
    for (const [kind, name] of Object.entries(NAMES)) {
      const radio = element("input", { type: "radio", name: "code", value: kind, checked: kind === this.#chosen });
      radio.addEventListener("change", () => {
        this.#chosen = kind;
        this.#render();
      });
      choices.append(element("label", {}, radio, element("span", {}, name)));
    }
    const copy = copyButton("the code", () => this.#texts[this.#chosen] ?? "");
    section.append(element("div", { class: "heading" }, choices, copy), this.#pre);
  }

  /** @param {Page.Place} place */
  show(place) {
    this.#texts = snippetsFor(place);
    this.#render();
  }

  #render() {
    this.#pre.textContent = this.#texts[this.#chosen] ?? "";
  }
}
