// The texts that an editor shows when the pointer rests on a name of the package.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { project } from "../support/packed.mjs";

const ts = createRequire(import.meta.url)("typescript-5");
const folder = join(project(`docstrings-${process.pid}`, {}), "node_modules", "daraja-auth", "pkg");

/** Each exported name of an entry, and each member of an export, with its symbol. */
function* membersOf(entry) {
  const path = join(folder, `${entry}.d.cts`);
  const program = ts.createProgram([path], { lib: ["lib.es2022.d.ts", "lib.dom.d.ts"], types: [] });
  const checker = program.getTypeChecker();
  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)))) {
    const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    yield { name: symbol.name, symbol: declared, checker };
    const type = checker.getDeclaredTypeOfSymbol(declared);
    for (const each of type.isUnion() ? type.types : [type]) {
      for (const member of each.getProperties()) {
        const isPrivate = member.name.startsWith("#") || member.name.startsWith("__#");
        const ours = !isPrivate && member.declarations?.some((node) => node.getSourceFile().fileName === path);
        if (ours) yield { name: `${symbol.name}.${member.name}`, symbol: member, checker };
      }
    }
  }
}

for (const entry of ["index", "node-fetch", "axios", "pool", "env", "durable-object", "dynamodb", "file", "testing"]) {
  describe(entry, () => {
    test("has a text for each exported name and member", () => {
      const members = Array.from(membersOf(entry));
      assert.ok(members.length > 0);
      const bare = members.filter(({ symbol, checker }) => symbol.getDocumentationComment(checker).length === 0);
      assert.deepEqual(Array.from(new Set(bare.map(({ name }) => name))), []);
    });
  });
}

test("the text of each option says its default", () => {
  const options = Array.from(membersOf("index")).filter(
    ({ name, symbol }) =>
      /^(GenerateTokenOptions|TokenManagerSettings|TokenPolicy|GetTokenOptions|FetchOptions)\./.test(name) &&
      (symbol.flags & ts.SymbolFlags.Optional) !== 0,
  );
  assert.ok(options.length > 30, `${options.length}`);
  const silent = options.filter(({ symbol }) => !symbol.getJsDocTags().some(({ name }) => name === "default"));
  assert.deepEqual(
    silent.map(({ name }) => name),
    [],
  );
});
