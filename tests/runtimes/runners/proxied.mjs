// Sends a request to each address with the fetch of daraja-auth/node, and prints the result.
import { fetch } from "daraja-auth/node";

for (const url of process.argv.slice(2)) {
  const outcome = fetch(url).then(
    (response) => response.text(),
    ({ code }) => code,
  );
  console.log(await outcome);
}
