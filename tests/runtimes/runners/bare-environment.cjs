const { TestEnvironment } = require("jest-environment-node");

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of ["TextDecoder", "TextEncoder", "fetch", "Response"]) delete this.global[name];
  }

  exportConditions() {
    return ["browser"];
  }
};
