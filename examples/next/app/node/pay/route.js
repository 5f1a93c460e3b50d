export { POST } from "../../../pay.js";
