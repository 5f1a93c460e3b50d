import daraja from"./node.cjs";var{DarajaError,TokenManager,generateToken,isTokenRejected,memoryStore}=daraja;export{DarajaError,TokenManager,generateToken,isTokenRejected,memoryStore};
