// The processes of a fleet. They start once. Then they get orders, and are killed and frozen.
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { project } from "../support/packed.mjs";

const living = new Set();
// SIGKILL, because a frozen process receives no other signal.
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

export class Processes {
  #folder;
  #members = [];
  #started = 0;

  constructor() {
    const text = (name) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8");
    const files = { "process.mjs": text("process.mjs"), "open-store.mjs": text("open-store.mjs") };
    this.#folder = project(`fleet-${process.pid}`, files);
  }

  /** Imports a module from the project of the processes. */
  import(path) {
    return import(pathToFileURL(join(this.#folder, path)).href);
  }

  /** Gives that many processes, and starts those that are missing. */
  async take(count) {
    while (this.#members.length < count) {
      // Four at a time, because each keeps a core busy while it starts.
      const missing = Math.min(4, count - this.#members.length);
      this.#members.push(...(await Promise.all(Array.from({ length: missing }, () => this.#start()))));
    }
    return this.#members.slice(0, count);
  }

  /** Starts a process in the place of one that was killed. */
  async replace(member) {
    const other = await this.#start();
    this.#members[this.#members.indexOf(member)] = other;
    return other;
  }

  async stop() {
    await Promise.all(this.#members.splice(0).map((member) => member.kill()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #start() {
    const member = new Member(join(this.#folder, "process.mjs"), `process-${++this.#started}`);
    await member.ready;
    return member;
  }
}

class Member {
  name;
  ready;
  isKilled = false;
  #child;
  #ended;
  #asked = new Map();
  #orders = 0;

  constructor(file, name) {
    this.name = name;
    this.#child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
    living.add(this.#child);
    this.ready = new Promise((resolve, reject) => this.#asked.set(undefined, { resolve, reject }));
    this.#child.on("message", ({ id, value, error }) => {
      const { resolve, reject } = this.#asked.get(id);
      this.#asked.delete(id);
      if (error) reject(new Error(`${name}: ${error}`));
      else resolve(value);
    });
    this.#ended = new Promise((resolve) => this.#child.once("exit", resolve)).then(() => {
      living.delete(this.#child);
      for (const { resolve, reject } of this.#asked.values()) {
        if (this.isKilled) resolve(undefined);
        else reject(new Error(`${name} ended by itself`));
      }
    });
  }

  /** Gives an order. Resolves with the answer, or with undefined if the process is killed before it answers. */
  ask(order, about) {
    const id = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#child.send({ id, order, about }, (error) => error && !this.isKilled && reject(error));
    });
  }

  /** Kills the process, as kill -9 does, and waits until it has ended. */
  async kill() {
    this.isKilled = true;
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  freeze() {
    this.#child.kill("SIGSTOP");
  }

  thaw() {
    this.#child.kill("SIGCONT");
  }
}
