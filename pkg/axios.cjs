"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var axios_exports={};__export(axios_exports,{withDaraja:()=>withDaraja});module.exports=__toCommonJS(axios_exports);var import_daraja_auth2=require("daraja-auth");var import_daraja_auth=require("daraja-auth");function invalidOption(message,hint){return new import_daraja_auth.DarajaError(message,{code:"ERR_DARAJA_INVALID_O\
PTION",retryable:!1,hint})}function kindOf(value){return value==null?String(value):typeof value=="object"?"an object":`a ${typeof value}`}function withDaraja(client,tokens){let{defaults,interceptors,create}=client??{};if(!defaults||typeof interceptors?.request?.use!="function"||typeof create!="fun\
ction")throw invalidOption(`client: expected a client of axios, found ${kindOf(client)}`,"Pass axios.create() of axios 1, or of axios 0.22 or later.");if(typeof tokens?.
getToken!="function"||typeof tokens.baseUrl!="string")throw invalidOption(`tokens: expected a TokenManager, found ${kindOf(tokens)}`,"Pass the TokenManager of t\
he app: withDaraja(axios.create(), tokens).");defaults.baseURL??=tokens.baseUrl;let bare=bareClient(create);return interceptors.request.use(config=>({...config,
adapter:whole=>send(whole,config,bare,tokens)})),client}function bareClient(create){let bare=create();for(let name of Object.keys(bare.defaults))delete bare.defaults[name];
return bare.defaults.headers={},bare}var asItIs=[data=>data];async function send(config,given,bare,tokens){let url=urlOf(config,tokens.baseUrl),{signal}=config,
attempt=async accessToken2=>{let settled=await bare.request({...config,adapter:given.adapter,headers:{...withoutAuthorization(config.headers),Authorization:`Bea\
rer ${accessToken2}`},auth:void 0,maxRedirects:0,fetchOptions:{...config.fetchOptions,redirect:"manual"},transformRequest:asItIs,transformResponse:asItIs}).then(
answer=>({answer,failure:void 0}),failure=>({answer:failure?.response,failure}));return withoutToken(settled.answer,config),withoutToken(settled.failure,config),
settled},{accessToken}=await tokens.getToken(signal&&{signal}),first=await attempt(accessToken),endpoint=url.pathname;if(first.answer&&first.answer.status<300&&
tokens.accepted(accessToken,{endpoint}),!first.answer||!await isRejected(first.answer))return outcomeOf(first);let replacing=tokens.report(accessToken,{endpoint}),
successor;try{({accessToken:successor}=await unlessAborted(replacing,signal))}catch(cause){return first.failure&&cause instanceof import_daraja_auth2.DarajaError&&
Object.defineProperty(first.failure,"cause",{value:cause}),outcomeOf(first)}return isStream(config.data)?outcomeOf(first):outcomeOf(await attempt(successor))}function outcomeOf({
answer,failure}){if(failure||!answer)throw failure;return answer}function withoutToken(settled,config){settled?.config&&(settled.config=config,settled.request&&
Object.defineProperty(settled,"request",{value:settled.request,enumerable:!1}))}function withoutAuthorization(headers){return Object.fromEntries(Object.entries(
headers??{}).filter(([name])=>name.toLowerCase()!=="authorization"))}async function isRejected({status,data}){let isText=typeof data=="string"||data instanceof ArrayBuffer||
ArrayBuffer.isView(data);return!(status>=400&&status<=599)||!isText?!1:(0,import_daraja_auth2.isTokenRejected)(new Response(data,{status}))}function urlOf({url="",
baseURL="",allowAbsoluteUrls=!0},home){let whole=/^([a-z][a-z\d+\-.]*:)?\/\//i.test(url)&&allowAbsoluteUrls||!baseURL?url:`${baseURL.replace(/\/+$/,"")}/${url.replace(
/^\/+/,"")}`,origin;try{let parsed=new URL(whole);if(origin=parsed.origin,origin===new URL(home).origin&&parsed.protocol===new URL(home).protocol)return parsed}catch{}
throw invalidOption(`url: expected one of the environment's origin, found ${origin===void 0?"no URL":"another origin"}`,"The token goes to the environment's hos\
t, or to baseUrl, only. Use another client of axios for others.")}async function unlessAborted(operation,signal){if(!signal)return operation;let leave,aborted=new Promise(
(_,reject)=>{leave=()=>reject(signal.reason),signal.addEventListener("abort",leave),signal.aborted&&leave()});try{return await Promise.race([operation,aborted])}finally{
operation.catch(()=>{}),leave&&signal.removeEventListener("abort",leave)}}function isStream(body){let object=body;return["getReader","pipe",Symbol.asyncIterator].
some(name=>typeof object?.[name]=="function")}0&&(module.exports={withDaraja});
