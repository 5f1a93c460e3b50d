const daraja = require("daraja-auth");
const { Simulator } = require("daraja-auth/simulator");

// The suite is an ES module. CommonJS in old versions of Node can load it only by import().
Promise.all([import("./suite.mjs"), import("./settings.mjs")]).then(async ([{ suite }, { default: settings }]) => {
  console.log(JSON.stringify(await suite({ daraja, Simulator, ...settings })));
});
