// How `simulate` masks secrets: by their names, in each encoding, and with work that grows linearly with the text.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { commandLine } from "./cli.mjs";
import { blocksEntered } from "./work.mjs";

const { load } = commandLine("masking");
const { Secrets } = await load("bin/simulate/secrets.js");
const { Ledger } = await load("bin/simulate/ledger.js");
const { decode } = await load("bin/simulate/decode.js");
const secretNames = await load("bin/simulate/secret-names.js");

const ledger = new Ledger();
const mask = (text, maxLength) => new Secrets([], ledger).maskOf("", maxLength)(text);
const CANARY = "canary1";
const inUrl = (text) => [...text].map((c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");
const inUnicode = (text) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

describe("names", () => {
  for (const name of [
    ..."password passwd pwd pin Pin secretKey secret_key clientSecret InitiatorPassword SecurityCredential".split(" "),
    ..."passkey pass_key passphrase access_token csrfToken apiKey x-api-key consumerKey client_id userPin user_pin OTP".split(
      " ",
    ),
  ]) {
    test(`${name} is the name of a secret`, () => assert.ok(secretNames.isSecret(name)));
  }
  for (const name of "Amount token_type expires_in grant_type shipping mapping key Timestamp PartyA author".split(
    " ",
  )) {
    test(`${name} is not the name of a secret`, () => assert.ok(!secretNames.isSecret(name)));
  }
});

describe("a secret is masked by its name", () => {
  const multipart =
    '--b\r\nContent-Disposition: form-data; name="pin"\r\nContent-Type: text/plain\r\n\r\ncanary1\r\n--b\r\n' +
    'Content-Disposition: form-data; name="Amount"\r\n\r\n7\r\n--b--\r\n';
  const hidden = multipart.replace(CANARY, "[redacted]");
  for (const [what, text, masked] of [
    ["in JSON", '{"pin":"canary1","Amount":7}', '{"pin":"[redacted]","Amount":7}'],
    ["as a number", '{"pin": 1234, "Amount":7}', '{"pin": "[redacted]", "Amount":7}'],
    ["as a list", '{"pin":[1,{"a":"}"}],"Amount":7}', '{"pin":"[redacted]","Amount":7}'],
    ["with quotation marks in it", '{"pin":"a\\"canary1","Amount":7}', '{"pin":"[redacted]","Amount":7}'],
    ["with a backslash at its end", '{"pin":"canary1\\\\","Amount":7}', '{"pin":"[redacted]","Amount":7}'],
    ["in single quotation marks", "{'pin':'canary1','Amount':7}", "{'pin':'[redacted]','Amount':7}"],
    ["in backticks", "{pin: `canary1`, Amount: 7}", "{pin: `[redacted]`, Amount: 7}"],
    ["with a name in escapes", '{"p\\u0069n":"canary1","Amount":7}', '{"p\\u0069n":"[redacted]","Amount":7}'],
    [
      "in JSON in JSON",
      '{"x":"{\\"pin\\":\\"canary1\\",\\"Amount\\":7}"}',
      '{"x":"{\\"pin\\":\\"[redacted]\\",\\"Amount\\":7}"}',
    ],
    ["in a form", "pin=canary1&Amount=7", "pin=[redacted]&Amount=7"],
    ["in a form, with an encoded &", "pin=a%26canary1&Amount=7", "pin=[redacted]&Amount=7"],
    ["in a form, with brackets", "user[pin]=canary1&Amount=7", "user[pin]=[redacted]&Amount=7"],
    ["in a form, with an encoded name", "p%69n=canary1&Amount=7", "p%69n=[redacted]&Amount=7"],
    ["in a form, encoded twice", "x=p%2569n%253Dcanary1%2526Amount%253D7", "x=p%2569n%253D[redacted]%2526Amount%253D7"],
    [
      "in JSON in a form",
      "x=%7B%22pin%22%3A%22canary1%22%7D&Amount=7",
      "x=%7B%22pin%22%3A%22[redacted]%22%7D&Amount=7",
    ],
    ["in multipart", multipart, hidden],
    ["in XML", "<a><pin>canary1</pin><Amount>7</Amount></a>", "<a><pin>[redacted]</pin><Amount>7</Amount></a>"],
    ["in multipart, with brackets", multipart.replace("pin", "a[pin]"), hidden.replace("pin", "a[pin]")],
    [
      "in multipart, with an encoding",
      multipart.replace('="pin"', "*=utf-8''pin"),
      hidden.replace('="pin"', "*=utf-8''pin"),
    ],
    ["in JSON, with brackets", '{"a[pin]":"canary1","Amount":7}', '{"a[pin]":"[redacted]","Amount":7}'],
    ["beside its name in JSON", '[{"Key":"pin", "Value":"canary1"},7]', '[{"Key":"pin", "Value":"[redacted]"},7]'],
    ["beside its name in a form", "name=pin&value=canary1&Amount=7", "name=pin&value=[redacted]&Amount=7"],
    ["beside its name in XML", "<Key>pin</Key> <Value>canary1</Value>7", "<Key>pin</Key> <Value>[redacted]</Value>7"],
    ["in XML attributes", '<p name="pin" value="canary1" />7', '<p name="pin" value="[redacted]" />7'],
    ["in an element with attributes", '<m:pin a="1">canary1</m:pin>7', '<m:pin a="1">[redacted]</m:pin>7'],
    ["in an element with a name", '<p name="pin">canary1</p>7', '<p name="pin">[redacted]</p>7'],
    ["in CDATA", "<pin><![CDATA[canary1]]></pin>7", "<pin>[redacted]</pin>7"],
    ["in elements of an element", "<pin><a>1</a><b>canary1</b></pin>7", "<pin>[redacted]</pin>7"],
    ["not in an empty element", "<pin/><Amount>7</Amount>", "<pin/><Amount>7</Amount>"],
    ["not in a sentence", '{"a":"Invalid token","b":7}', '{"a":"Invalid token","b":7}'],
    ["cut short", '{"Amount":7,"pin":"cana', '{"Amount":7,"pin":"[redacted]"'],
    ["in a cookie", "pin=canary1; Amount=7", "pin=[redacted] Amount=7"],
  ]) {
    test(what, () => assert.equal(mask(text), masked));
  }

  test("in encodings inside encodings (1,000 texts from a seed)", () => {
    const seed = Number(process.env.SEED ?? 20_261_128);
    const random = randomFrom(seed);
    const wrap = [
      (text) => JSON.stringify({ Amount: 7, note: text }),
      (text) => `Amount=7&note=${encodeURIComponent(text)}`,
      (text) => `{"note":"${inUnicode(text)}"}`,
      (text) => `note=${inUrl(text)}`,
    ];
    const first = [
      (value) => JSON.stringify({ a: 1, pin: value, b: 2 }),
      (value) => JSON.stringify({ pin: [value, { deep: value }] }, undefined, 2),
      (value) => `a=1&pin=${encodeURIComponent(value)}&b=2`,
    ];
    for (let n = 0; n < 1000; n++) {
      const noise = Array.from({ length: random(4) }, () => `"\\&,}]{[%:='`[random(12)]).join("");
      let text = first[random(first.length)](noise + CANARY);
      // Each layer doubles the backslashes. With three layers the text would be longer than what is shown.
      for (let layers = random(3); layers > 0; layers--) text = wrap[random(wrap.length)](text);
      const { text: seen } = decode(mask(text));
      assert.ok(!seen.includes(CANARY), `seed ${seed}, text ${n}: ${text}\n→ ${mask(text)}`);
    }
  });
});

describe("the work and the output grow linearly with the text", () => {
  const repeated = (part) => (length) => part.repeat(Math.ceil(length / part.length)).slice(0, length);
  const texts = {
    "quotation marks": repeated('"'),
    "backslashes and quotation marks": repeated('\\"'),
    "open brackets": repeated('{"a":['),
    "hidden brackets": repeated('"pin":['),
    "secret names": repeated("pin "),
    "secret names in quotation marks": repeated('"pin":"'),
    "names of parts": repeated('name="pin"'),
    percents: repeated("%25"),
    "percents without an end": repeated("%"),
    "escaped backslashes": repeated("\\u005c"),
    letters: repeated("a"),
    digits: repeated("1"),
    spaces: repeated(" "),
    "a name and spaces": (length) => `pin${" ".repeat(length)}`,
    tokens: repeated(`${"t".repeat(27)}1`),
    "basic after basic": repeated("basic "),
    tags: repeated("<pin>"),
    "tags without an end": repeated("<pin "),
    "elements with names": repeated(">pin</a> <a>"),
    "pairs of names and values": repeated('"pin","value":'),
    "names of parts and lines": repeated('name="pin"\n'),
    "brackets after names": repeated("pin[[[[11"),
    "JSON in JSON": (length) => {
      let text = '{"pin":"canary1"}';
      while (text.length < length) text = JSON.stringify({ a: text });
      return text.slice(0, length);
    },
  };
  const learned = new Ledger();
  learned.learn({ path: "/oauth/", token: 1 }, `{"access_token":"${"t".repeat(27)}1"}`);
  const unbounded = new Secrets([], learned).maskOf("Bearer t", 1_000_000);

  for (const [what, make] of Object.entries(texts)) {
    test(`of ${what}`, async () => {
      const [short, long] = [4_000, 32_000].map(make);
      const before = await blocksEntered("bin/simulate/", () => unbounded(short));
      const after = await blocksEntered("bin/simulate/", () => unbounded(long));
      assert.ok(after <= 12 * before + 1_000, `${before} blocks for 4,000 characters, ${after} for 32,000`);
      assert.ok(after <= 40 * long.length, `${after} blocks for ${long.length} characters`);
      assert.ok(unbounded(long).length <= 4 * long.length, "the output");
    });
  }

  test("a text that is too long is cut, and the number of missing characters is shown", () => {
    const masked = mask(`{"Amount":7,"note":"${"x ".repeat(500_000)}"}`, 1_000);
    assert.match(masked, /^\{"Amount":7,"note":"x x .*… \[\d{6} characters more\]$/);
    assert.ok(masked.length < 1_100);
  });

  test("the first eight characters of a secret at the place of the cut are not shown", () => {
    const secret = "CanarySecretOfTheShop0002/+";
    const masks = new Secrets([{ consumerKey: "CanaryKeyOfTheShop0001", consumerSecret: secret }], ledger).maskOf(
      "",
      100,
    );
    for (let before = 0; before < 700; before++) {
      const shown = masks(`${"- ".repeat(before / 2)}${secret}${" -".repeat(600)}`);
      assert.ok(!shown.includes(secret.slice(0, 8)), shown);
    }
  });
});

/** A function that gives whole numbers below a limit. The same seed gives the same numbers. */
function randomFrom(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
