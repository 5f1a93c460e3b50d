const daraja = require("daraja-auth");
const { Simulator } = require("daraja-auth/simulator");

// The suite is ESM, which old CommonJS reaches only like this.
Promise.all([import("./suite.mjs"), import("./settings.mjs")]).then(async ([{ suite }, { default: settings }]) => {
  console.log(JSON.stringify(await suite({ daraja, Simulator, ...settings })));
});
