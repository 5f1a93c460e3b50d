import { generateToken } from "daraja-auth";
import settings from "./settings.mjs";

const { answers, ...valid } = settings;
await generateToken({ ...valid, ...JSON.parse(process.argv[2]) }).then(
  () => console.log("a token"),
  ({ code }) => console.log(code),
);
