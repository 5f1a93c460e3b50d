// Calls the function as Lambda does, once, on this machine.
import { handler } from "./index.js";

console.log(await handler({ body: JSON.stringify({ phoneNumber: "0712345678", amount: 100 }) }));
