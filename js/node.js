import daraja from "./index.cjs";

export const { DarajaError, generateToken } = daraja;
