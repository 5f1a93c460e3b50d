"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var redis_exports={};__export(redis_exports,{redisStore:()=>redisStore});module.exports=__toCommonJS(redis_exports);var import_daraja_auth=require("daraja-auth");function invalidOption(message,hint){return new import_daraja_auth.DarajaError(message,{code:"ERR_DARAJA_INVALID_O\
PTION",retryable:!1,hint})}function kindOf(value){return value==null?String(value):typeof value=="object"?"an object":`a ${typeof value}`}function hasMethods(value,methods){
let object=value;return methods.split(" ").every(name=>typeof object?.[name]=="function")}function checkWellFormed({value}){if(value.isWellFormed?.()===!1)throw invalidOption("value: expected well-formed text, found half a surrogate pair","JSON.strin\
gify escapes it.")}var UNKNOWN_AUTHORITY=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function clientError(error){let{name,code=name,message,errors}=error??
{},first=Array.isArray(errors)?`none of several addresses answered: ${errors[0]?.message}`:code,[text]=String(message||first).split(", command was:"),hint="";return UNKNOWN_AUTHORITY.
test(String(code))&&(hint=". Name its authority's file in NODE_EXTRA_CA_CERTS"),code==="ETIMEDOUT"&&Array.isArray(errors)&&(hint=". Raise Node's --network-famil\
y-autoselection-attempt-timeout"),Object.assign(new Error(text+hint),{code})}function hearErrors(client){if(!hasMethods(client,"on listenerCount"))return;let emitter=client;
emitter.listenerCount("error")===0&&emitter.on("error",()=>{})}var SCRIPT=`local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'version', 'value')
if #ARGV == 0 then
  redis.call('HDEL', KEYS[1], '')
  return { now, held[1] and '=' .. held[1], held[2] and '=' .. held[2] }
end
if held[1] ~= ARGV[1] then
  if (held[1] or nil) ~= ARGV[5] then return { now, 0 } end
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.pcall('PUBLISH', ARGV[4], '')
end
return { now, 1 }`,DIGEST="41aa5ccf00f14749f1550bbd9da54bc69dc2695d";function watching(start){return(key,wake)=>{let isOver=!1,end=start(key,()=>{isOver||wake()});return()=>{isOver||end(),isOver=!0}}}function redisStore(client){let{byDigest,byText,watch}=dialectOf(client);async function run(key,...args){try{return await byDigest(key,args)}catch(error){if(!/NOSCRIPT/.
test(error?.message??""))throw clientError(error)}try{return await byText(key,args)}catch(error){throw clientError(error)}}return{async load(key){let[now,version,
value]=replyOf(await run(key));return{record:version?{version:String(version).slice(1),value:String(value).slice(1)}:null,now:Number(now)}},async compareAndSwap(key,expected,next,{
ttlMs}){checkWellFormed(next);let written=[next.version,next.value,String(Math.ceil(ttlMs))],[now,swapped]=replyOf(await run(key,...written,key,...expected===null?
[]:[expected]));return{swapped:Number(swapped)===1,now:Number(now)}},...watch&&{watch:watching(watch)}}}function replyOf(reply){if(Array.isArray(reply)&&Number.
isFinite(Number(reply[0]??Number.NaN)))return reply;throw new Error("the client gave something else than the script's answer, which is an array that begins with\
 the time")}function isLegacy(given){try{if(hasMethods(given?.v4,"evalSha"))return!0}catch{}return hasMethods(given,"evalSha sendCommand multi")&&!hasMethods(given,
"connect")}function dialectOf(given){if(isLegacy(given))throw invalidOption("client: expected a client of ioredis, node-redis or @upstash/redis, found one of no\
de-redis in legacy mode","It takes callbacks. Pass client.v4 of node-redis 4, or the client that you called legacy() of.");if(hasMethods(given,"eval evalSha")){
let client=given;return hearErrors(client),{byDigest:(key,args)=>client.evalSha(DIGEST,{keys:[key],arguments:args}),byText:(key,args)=>client.eval(SCRIPT,{keys:[
key],arguments:args}),watch:hasMethods(client,"duplicate")&&((...args)=>watchNodeRedis(client,...args))}}if(hasMethods(given,"eval evalsha defineCommand")){let client=given;
return{byDigest:(key,args)=>client.evalsha(DIGEST,1,key,...args),byText:(key,args)=>client.eval(SCRIPT,1,key,...args),watch:(...args)=>watchIoredis(client,...args)}}
if(hasMethods(given,"eval evalsha scriptLoad")){let client=given;return{byDigest:(key,args)=>client.evalsha(DIGEST,[key],args),byText:(key,args)=>client.eval(SCRIPT,
[key],args)}}throw invalidOption(`client: expected a client of ioredis, node-redis or @upstash/redis, found ${kindOf(given)}`,"Make the client as you do elsewhe\
re and pass it: redisStore(new Redis(url)).")}function watchIoredis(client,key,wake){let subscriber=client.duplicate(),end=()=>{client.removeListener("end",end),
subscriber.disconnect()};return client.once("end",end),subscriber.on("error",()=>{}),subscriber.on("message",wake),subscriber.once("ready",()=>subscriber.subscribe(
key).catch(()=>{})),subscriber.status==="wait"&&subscriber.connect().catch(()=>{}),end}function watchNodeRedis(client,key,wake){let subscriber=client.duplicate(),
isOver=!1,end=()=>{isOver=!0,client.removeListener("end",end),leave().catch(()=>{})},leave=async()=>(subscriber.destroy??subscriber.disconnect).call(subscriber);
return client.once("end",end),subscriber.on("error",()=>{}),subscriber.connect().then(()=>isOver?leave():subscriber.subscribe(key,wake)).catch(()=>{}),end}0&&(module.exports={redisStore});
