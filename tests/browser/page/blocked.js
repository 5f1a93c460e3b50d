import { DarajaError, generateToken } from "daraja-auth";
import { show } from "./show.js";

const rejection = () =>
  generateToken({ consumerKey: "key", consumerSecret: "secret" }).then(
    (token) => ({ token }),
    (error) => ({ ours: error instanceof DarajaError, code: error.code, message: error.message, hint: error.hint }),
  );

show(Promise.all([rejection(), rejection()]));
