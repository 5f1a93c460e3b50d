// Builds pkg/ and compares each byte with the pkg/ in git, so that users get a package of these sources.
import { execFileSync } from "node:child_process";
import { root, run } from "./tools.mjs";

const git = (/** @type {string[]} */ ...args) => {
  const output = execFileSync("git", args, { cwd: root, encoding: "utf8" });
  return output.split("\0").filter((path) => path !== "");
};

run(process.execPath, ["scripts/build.mjs"]);
const changed = git("diff", "--name-only", "-z", "--", "pkg");
const added = git("ls-files", "-z", "--others", "--exclude-standard", "--", "pkg");
for (const path of [...changed, ...added]) console.error(`${path} is not what the sources build`);
if (changed.length + added.length > 0) {
  console.error("Do this: npm run build, then commit pkg/");
  process.exit(1);
}
console.log(`The ${git("ls-files", "-z", "--", "pkg").length} files of pkg/ in git are what the sources build`);
