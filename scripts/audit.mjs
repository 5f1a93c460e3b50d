// npm run audit: looks the tools and crates up in databases of known vulnerabilities, which it downloads.
// The publish workflow runs it. The tests do not, because they must not need the network.
import { fetchCargoDeny, fetchRust, npm, run } from "./tools.mjs";

await fetchRust();
await fetchCargoDeny();
run("cargo-deny", ["--locked", "check", "advisories"]);
// The published package has no dependencies. This script checks the tools that build it.
run(...npm("audit", "--workspaces=false", "--audit-level=high"));
