// A client of the person's own: the package brings none.
import { createRequire } from "node:module";
import { join } from "node:path";
import { UsageError } from "../failure.js";

/** The first of these npm packages that is installed where the command is run: its name, and what it exports. */
export function clientOf(engine, names) {
  const require = createRequire(join(process.cwd(), "any.js"));
  const name = names.find((candidate) => isInstalled(require, candidate));
  if (!name) {
    const hint = `Run it where your program has one, or install one here: npm install ${names[0]}.`;
    throw new UsageError(`DARAJA_STORE: no client for ${engine} is installed here: ${names.join(" or ")}`, hint);
  }
  try {
    return { name, exported: require(name) };
  } catch (error) {
    const hint = `Does it work in your program? Else: npm install ${name}@latest.`;
    throw new UsageError(`DARAJA_STORE: ${name} cannot be loaded (${error.code})`, hint);
  }
}

function isInstalled(require, name) {
  try {
    require.resolve(name);
    return true;
  } catch ({ code }) {
    return code !== "MODULE_NOT_FOUND";
  }
}
