// The demo page in a browser, with its console, its requests and their answers.
import { launch } from "puppeteer-core";

const CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

/** Starts the browser. `open(url)` opens a page in it. */
export async function startBrowser({ browser: name, path, scheme = "light" }) {
  const isFirefox = name === "firefox";
  const browser = await launch({
    browser: isFirefox ? "firefox" : "chrome",
    executablePath: path,
    headless: true,
    args: isFirefox ? [] : CHROMIUM_FLAGS,
    extraPrefsFirefox: {
      "layout.css.prefers-color-scheme.content-override": scheme === "dark" ? 0 : 1,
      "ui.prefersReducedMotion": 1,
      // Lets the page write to the clipboard. A person's click would allow that, too.
      "dom.events.testing.asyncClipboard": true,
    },
  });
  return {
    async open(url, { width = 1280, height = 900 } = {}) {
      const page = await browser.newPage();
      await page.setViewport({ width, height });
      if (!isFirefox) {
        await page.emulateMediaFeatures([
          { name: "prefers-color-scheme", value: scheme },
          { name: "prefers-reduced-motion", value: "reduce" },
        ]);
      }
      const demo = new DemoPage(page);
      await demo.open(url);
      return demo;
    },
    close: () => browser.close(),
  };
}

export class DemoPage {
  /** The lines of the console. */
  lines = [];
  /** The addresses of all requests. */
  urls = [];
  #bodies = [];

  constructor(page) {
    this.page = page;
    page.on("console", (message) => this.lines.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.lines.push(`uncaught: ${error}`));
    page.on("request", (request) => this.urls.push(request.url()));
    page.on("response", (response) => {
      const isRedirect = response.status() >= 300 && response.status() < 400;
      if (!isRedirect) this.#bodies.push(response.text());
    });
  }

  /** Opens an address, and waits until the page works. */
  async open(url) {
    await this.page.goto(url);
    await this.page.waitForSelector("#workbench[data-ready]");
    await this.until(() => document.querySelectorAll("#codes tr").length > 0);
  }

  /** The bodies of all answers but redirects. */
  received() {
    return Promise.all(this.#bodies);
  }

  /** Runs a function in the page again and again, until it gives a true value. */
  async until(holds, ...args) {
    await this.page.waitForFunction(holds, { timeout: 30_000 }, ...args);
  }

  /** The text of an element, unchanged. */
  text(selector) {
    return this.page.$eval(selector, (element) => element.textContent);
  }

  texts(selector) {
    return this.page.$$eval(selector, (elements) => elements.map((element) => element.textContent));
  }

  async click(selector) {
    await this.page.locator(selector).click();
  }

  /** Clicks the button whose text begins with `text`, in the element that the selector `within` matches. */
  async clickButton(within, text) {
    const [button] = await this.page.$$(`${within} ::-p-xpath(.//button[starts-with(normalize-space(), '${text}')])`);
    await button.click();
  }

  /** Chooses an app by its name. */
  async choose(app) {
    const labels = await this.page.$$("#apps label");
    for (const label of labels) {
      if ((await label.evaluate((element) => element.textContent)).startsWith(app)) await label.click();
    }
  }

  /** Asks for a token, and waits until the timeline shows token `number`. */
  async generate(number) {
    await this.click("#generate");
    await this.page.waitForSelector(`[data-number="${number}"]`);
  }

  /** Uses a token, and gives the page's text about the result. */
  async use(number) {
    await this.page.$eval("#verdict", (verdict) => {
      verdict.textContent = "";
    });
    await this.click(`[data-number="${number}"] button`);
    await this.until((start) => document.querySelector("#verdict").textContent.startsWith(start), `Token ${number}: `);
    return this.text(`[data-number="${number}"] .verdict`);
  }

  /** The timeline's text about each token, newest first. */
  async states() {
    const [names, states] = [await this.texts(".token .number"), await this.texts(".token .state")];
    return names.map((name, i) => `${name}: ${states[i]}`);
  }

  /** Picks a fault of the lab and waits for its outcome. */
  async pick(id) {
    await this.click(`.fault[data-id="${id}"]`);
    await this.finding(id);
  }

  async finding(id) {
    await this.until((id) => {
      const { dataset, ariaBusy } = document.querySelector("#finding");
      return dataset.fault === id && ariaBusy !== "true";
    }, id);
  }

  /** Clicks the copy button in an element, and waits until the page has copied. Gives the clipboard. */
  async copy(within, what) {
    await this.page.$eval(`${within} .copying [role=status]`, (status) => {
      status.textContent = "";
    });
    await this.click(`${within} .copying button`);
    const said = (selector, what) => document.querySelector(selector).textContent === `Copied ${what}`;
    await this.until(said, `${within} .copying [role=status]`, what);
    const word = await this.text(`${within} .copying button span`);
    if (word !== "Copied") throw new Error(`the button says ${word}`);
    return this.#paste();
  }

  async #paste() {
    await this.page.evaluate(() => {
      document.body.append(Object.assign(document.createElement("textarea"), { id: "pasted" }));
      document.querySelector("#pasted").focus();
    });
    await this.page.keyboard.down("Control");
    await this.page.keyboard.press("v", { commands: ["Paste"] });
    await this.page.keyboard.up("Control");
    await this.until(() => document.querySelector("#pasted").value !== "");
    return this.page.$eval("#pasted", (area) => {
      area.remove();
      return area.value;
    });
  }
}
