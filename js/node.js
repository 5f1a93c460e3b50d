import daraja from "./node.cjs";

export const { DarajaError, generateToken } = daraja;
