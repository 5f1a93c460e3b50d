export { POST } from "../../../pay.js";
export const runtime = "edge";
