// Calls the function once on this machine, as Lambda does.
import { handler } from "./index.js";

console.log(await handler({ body: JSON.stringify({ phoneNumber: "0712345678", amount: 100 }) }));
