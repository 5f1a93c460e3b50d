// The fetch of daraja-auth/node, as a user's Node imports it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { project } from "../../support/packed.mjs";

/** Imports the packed package from a new project, which is named after the test file. */
export async function installed(name) {
  const source = 'export * from "daraja-auth";\nexport { fetch } from "daraja-auth/node";\n';
  const folder = project(`node-fetch-${name}`, { "index.mjs": source });
  return { folder, ...(await import(pathToFileURL(join(folder, "index.mjs")).href)) };
}
