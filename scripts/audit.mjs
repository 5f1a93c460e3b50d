// npm run audit: known vulnerabilities, by databases that are fetched. Publishing runs it; the tests do not.
import { fetchCargoDeny, fetchRust, npm, run } from "./tools.mjs";

await fetchRust();
await fetchCargoDeny();
run("cargo-deny", ["--locked", "check", "advisories"]);
// What consumers get has no dependencies; this is about the tools that build it.
run(...npm("audit", "--workspaces=false", "--audit-level=high"));
