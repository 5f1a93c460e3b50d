"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var n=Object.prototype.hasOwnProperty
;var a=(t,r)=>{for(var n in r)e(t,n,{get:r[n],enumerable:true})};var o=(a,o,i,s)=>{if(o&&typeof o==="object"||typeof o==="function"){
for(let c of r(o))if(!n.call(a,c)&&c!==i)e(a,c,{get:()=>o[c],enumerable:!(s=t(o,c))||s.enumerable})}return a};var i=t=>o(e({},"__esModule",{value:true}),t)
;var s={};a(s,{redisStore:()=>redisStore});module.exports=i(s);var c=require("daraja-auth");function l(e,t){return new c.DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function u(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}function d(e,t){const r=e;return t.split(" ").every(e=>typeof r?.[e]==="function")}
function f({value:e}){if(e.isWellFormed?.()!==false)return;throw l("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")
}var h=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function v(e){const{name:t,code:r=t,message:n,errors:a}=e??{}
;const o=Array.isArray(a)?`none of several addresses answered: ${a[0]?.message}`:r;const[i]=String(n||o).split(", command was:");let s=""
;if(h.test(String(r)))s=". Name its authority's file in NODE_EXTRA_CA_CERTS";if(r==="ETIMEDOUT"&&Array.isArray(a)){
s=". Raise Node's --network-family-autoselection-attempt-timeout"}return Object.assign(new Error(i+s),{code:r})}function y(e){if(!d(e,"on listenerCount"))return
;const t=e;if(t.listenerCount("error")===0)t.on("error",()=>{})}
var m=`local time = redis.call('TIME')\nlocal now = time[1] * 1000 + math.floor(time[2] / 1000)\nlocal held = redis.call('HMGET', KEYS[1], 'version', 'value')\nif #ARGV == 0 then\n  redis.call('HDEL', KEYS[1], '')\n  return { now, held[1] and '=' .. held[1], held[2] and '=' .. held[2] }\nend\nif held[1] ~= ARGV[1] then\n  if (held[1] or nil) ~= ARGV[5] then return { now, 0 } end\n  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])\n  redis.call('PEXPIRE', KEYS[1], ARGV[3])\n  redis.pcall('PUBLISH', ARGV[4], '')\nend\nreturn { now, 1 }`
;var w="41aa5ccf00f14749f1550bbd9da54bc69dc2695d";function b(e){return(t,r)=>{let n=false;const a=e(t,()=>{if(!n)r()});return()=>{if(!n)a();n=true}}}
function redisStore(e){const{byDigest:t,byText:r,watch:n}=E(e);async function a(e,...n){try{return await t(e,n)}catch(e){
if(!/NOSCRIPT/.test(e?.message??""))throw v(e)}try{return await r(e,n)}catch(e){throw v(e)}}return{async load(e){const[t,r,n]=p(await a(e));const o=r?{
version:String(r).slice(1),value:String(n).slice(1)}:null;return{record:o,now:Number(t)}},async compareAndSwap(e,t,r,{ttlMs:n}){f(r)
;const o=[r.version,r.value,String(Math.ceil(n))];const[i,s]=p(await a(e,...o,e,...t===null?[]:[t]));return{swapped:Number(s)===1,now:Number(i)}},...n&&{
watch:b(n)}}}function p(e){if(Array.isArray(e)&&Number.isFinite(Number(e[0]??Number.NaN)))return e
;throw new Error("the client gave something else than the script's answer, which is an array that begins with the time")}function g(e){try{
if(d(e?.v4,"evalSha"))return true}catch{}return d(e,"evalSha sendCommand multi")&&!d(e,"connect")}function E(e){if(g(e)){
throw l("client: expected a client of ioredis, node-redis or @upstash/redis, found one of node-redis in legacy mode","It takes callbacks. Pass client.v4 of node-redis 4, or the client that you called legacy() of.")
}if(d(e,"eval evalSha")){const t=e;y(t);return{byDigest:(e,r)=>t.evalSha(w,{keys:[e],arguments:r}),byText:(e,r)=>t.eval(m,{keys:[e],arguments:r}),
watch:d(t,"duplicate")&&((...e)=>A(t,...e))}}if(d(e,"eval evalsha defineCommand")){const t=e;return{byDigest:(e,r)=>t.evalsha(w,1,e,...r),
byText:(e,r)=>t.eval(m,1,e,...r),watch:(...e)=>S(t,...e)}}if(d(e,"eval evalsha scriptLoad")){const t=e;return{byDigest:(e,r)=>t.evalsha(w,[e],r),
byText:(e,r)=>t.eval(m,[e],r)}}
throw l(`client: expected a client of ioredis, node-redis or @upstash/redis, found ${u(e)}`,"Make the client as you do elsewhere and pass it: redisStore(new Redis(url)).")
}function S(e,t,r){const n=e.duplicate();const a=()=>{e.removeListener("end",a);n.disconnect()};e.once("end",a);n.on("error",()=>{});n.on("message",r)
;n.once("ready",()=>n.subscribe(t).catch(()=>{}));if(n.status==="wait")n.connect().catch(()=>{});return a}function A(e,t,r){const n=e.duplicate();let a=false
;const o=()=>{a=true;e.removeListener("end",o);i().catch(()=>{})};const i=async()=>(n.destroy??n.disconnect).call(n);e.once("end",o);n.on("error",()=>{})
;n.connect().then(()=>a?i():n.subscribe(t,r)).catch(()=>{});return o}0&&(module.exports={redisStore});