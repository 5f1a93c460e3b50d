"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var n=Object.prototype.hasOwnProperty
;var a=(t,r)=>{for(var n of Object.keys(r))e(t,n,{get:r[n],enumerable:true})};var o=(a,o,s,i)=>{if(o&&typeof o==="object"||typeof o==="function"){
for(let c of r(o))if(!n.call(a,c)&&c!==s)e(a,c,{get:()=>o[c],enumerable:!(i=t(o,c))||i.enumerable})}return a};var s=t=>o(e({},"__esModule",{value:true}),t)
;var i={};a(i,{redisStore:()=>redisStore});module.exports=s(i);var c="Name its authority's file in NODE_EXTRA_CA_CERTS"
;var l="Raise Node's --network-family-autoselection-attempt-timeout";var u=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/
;function d({code:e,errors:t}){if(u.test(String(e)))return c;if(!Array.isArray(t))return void 0;return[e,...t.map(e=>e?.code)].includes("ETIMEDOUT")?l:void 0}
var f=require("daraja-auth");function h(e,t){return new f.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function v(e){
if(e===null||e===void 0)return String(e);return typeof e==="object"?"an object":`a ${typeof e}`}function y(e,t){const r=e
;return t.split(" ").every(e=>typeof r?.[e]==="function")}function m({value:e}){if(e.isWellFormed?.()!==false)return
;throw h("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}function w(e){
const{name:t,code:r=t,message:n,errors:a}=e??{};const o=Array.isArray(a)?`none of several addresses answered: ${a[0]?.message}`:r
;const[s]=String(n||o).split(", command was:");const i=d({code:r,errors:a});return Object.assign(new Error(i?`${s}. ${i}`:s),{code:r})}function b(e){
if(!y(e,"on listenerCount"))return;const t=e;if(t.listenerCount("error")===0)t.on("error",()=>{})}
var p=`local time = redis.call('TIME')\nlocal now = time[1] * 1000 + math.floor(time[2] / 1000)\nlocal held = redis.call('HMGET', KEYS[1], 'version', 'value')\nif #ARGV == 0 then\n  redis.call('HDEL', KEYS[1], '')\n  return { now, held[1] and '=' .. held[1], held[2] and '=' .. held[2] }\nend\nif held[1] ~= ARGV[1] then\n  if (held[1] or nil) ~= ARGV[5] then return { now, 0 } end\n  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])\n  redis.call('PEXPIRE', KEYS[1], ARGV[3])\n  redis.pcall('PUBLISH', ARGV[4], '')\nend\nreturn { now, 1 }`
;var E="41aa5ccf00f14749f1550bbd9da54bc69dc2695d";function g(e){return(t,r)=>{let n=false;const a=e(t,()=>{if(!n)r()});return()=>{if(!n)a();n=true}}}
function redisStore(e){const{byDigest:t,byText:r,watch:n}=N(e);async function a(e,...n){try{return await t(e,n)}catch(e){
if(!/NOSCRIPT/.test(e?.message??""))throw w(e)}try{return await r(e,n)}catch(e){throw w(e)}}return{async load(e){const[t,r,n]=S(await a(e));const o=r?{
version:String(r).slice(1),value:String(n).slice(1)}:null;return{record:o,now:Number(t)}},async compareAndSwap(e,t,r,{ttlMs:n}){m(r)
;const o=[r.version,r.value,String(Math.ceil(n))];const[s,i]=S(await a(e,...o,e,...t===null?[]:[t]));return{swapped:Number(i)===1,now:Number(s)}},...n&&{
watch:g(n)}}}function S(e){if(Array.isArray(e)&&Number.isFinite(Number(e[0]??Number.NaN)))return e
;throw new Error("the client gave something else than the script's answer, which is an array that begins with the time")}function A(e){try{
if(y(e?.v4,"evalSha"))return true}catch{}if(y(e,"internal_send_command"))return true;return y(e,"evalSha sendCommand multi")&&!y(e,"connect")}function N(e){
if(A(e)){
throw h("client: expected a client of ioredis, node-redis or @upstash/redis, found one of node-redis that takes callbacks","Pass client.v4 of node-redis 4, or the client whose legacy() you called. Version 3 is too old.")
}if(y(e,"eval evalSha")){const t=e;b(t);return{byDigest:(e,r)=>t.evalSha(E,{keys:[e],arguments:r}),byText:(e,r)=>t.eval(p,{keys:[e],arguments:r}),
watch:y(t,"duplicate")&&((...e)=>_(t,...e))}}if(y(e,"eval evalsha defineCommand")){const t=e;return{byDigest:(e,r)=>t.evalsha(E,1,e,...r),
byText:(e,r)=>t.eval(p,1,e,...r),watch:(...e)=>R(t,...e)}}if(y(e,"eval evalsha scriptLoad")){const t=e;return{byDigest:(e,r)=>t.evalsha(E,[e],r),
byText:(e,r)=>t.eval(p,[e],r)}}
throw h(`client: expected a client of ioredis, node-redis or @upstash/redis, found ${v(e)}`,"Make the client as you do elsewhere and pass it: redisStore(new Redis(url)).")
}function R(e,t,r){const n=e.duplicate();const a=()=>{e.removeListener("end",a);n.disconnect()};e.once("end",a);n.on("error",()=>{});n.on("message",r)
;n.once("ready",()=>n.subscribe(t).catch(()=>{}));if(n.status==="wait")n.connect().catch(()=>{});return a}function _(e,t,r){const n=e.duplicate();let a=false
;const o=()=>{a=true;e.removeListener("end",o);s().catch(()=>{})};const s=async()=>(n.destroy??n.disconnect).call(n);e.once("end",o);n.on("error",()=>{})
;n.connect().then(()=>a?s():n.subscribe(t,r)).catch(()=>{});return o}0&&(module.exports={redisStore});