var e=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;import{DarajaError}from"daraja-auth";function n(e,n){return new DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:n})}function t(e,n){const t=e;return n.split(" ").every(e=>"function"==typeof t?.[e])}function r(n){
const{name:t,code:r=t,message:a,errors:o}=n??{},i=Array.isArray(o)?`none of several addresses answered: ${o[0]?.message}`:r,[s]=String(a||i).split(", command was:"),c=function({code:n,errors:t}){
return e.test(String(n))?"Name its authority's file in NODE_EXTRA_CA_CERTS":Array.isArray(t)&&[n,...t.map(e=>e?.code)].includes("ETIMEDOUT")?"Raise Node's --network-family-autoselection-attempt-timeout":void 0
}({code:r,errors:o});return Object.assign(new Error(c?`${s}. ${c}`:s),{code:r})}
var a="local time = redis.call('TIME')\nlocal now = time[1] * 1000 + math.floor(time[2] / 1000)\nlocal held = redis.call('HMGET', KEYS[1], 'version', 'value')\nif #ARGV == 0 then\n  redis.call('HDEL', KEYS[1], '')\n  return { now, held[1] and '=' .. held[1], held[2] and '=' .. held[2] }\nend\nif held[1] ~= ARGV[1] then\n  if (held[1] or nil) ~= ARGV[5] then return { now, 0 } end\n  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])\n  redis.call('PEXPIRE', KEYS[1], ARGV[3])\n  redis.pcall('PUBLISH', ARGV[4], '')\nend\nreturn { now, 1 }",o="41aa5ccf00f14749f1550bbd9da54bc69dc2695d"
;function redisStore(e){const{byDigest:s,byText:c,watch:l}=function(e){if(function(e){try{if(t(e?.v4,"evalSha"))return!0}catch{}
return!!t(e,"internal_send_command")||t(e,"evalSha sendCommand multi")&&!t(e,"connect")
}(e))throw n("client: expected a client of ioredis, node-redis or @upstash/redis, found one of node-redis that takes callbacks","Pass client.v4 of node-redis 4, or the client whose legacy() you called. Version 3 is too old.")
;if(t(e,"eval evalSha")){const n=e;return function(e){if(!t(e,"on listenerCount"))return;const n=e;0===n.listenerCount("error")&&n.on("error",()=>{})}(n),{
byDigest:(e,t)=>n.evalSha(o,{keys:[e],arguments:t}),byText:(e,t)=>n.eval(a,{keys:[e],arguments:t}),watch:t(n,"duplicate")&&((...e)=>function(e,n,t){
const r=e.duplicate();let a=!1;const o=()=>{a=!0,e.removeListener("end",o),i().catch(()=>{})},i=async()=>(r.destroy??r.disconnect).call(r)
;return e.once("end",o),r.on("error",()=>{}),r.connect().then(()=>a?i():r.subscribe(n,t)).catch(()=>{}),o}(n,...e))}}if(t(e,"eval evalsha defineCommand")){
const n=e;return{byDigest:(e,t)=>n.evalsha(o,1,e,...t),byText:(e,t)=>n.eval(a,1,e,...t),watch:(...e)=>function(e,n,t){const r=e.duplicate(),a=()=>{
e.removeListener("end",a),r.disconnect()};e.once("end",a),r.on("error",()=>{}),r.on("message",t),r.once("ready",()=>r.subscribe(n).catch(()=>{})),
"wait"===r.status&&r.connect().catch(()=>{});return a}(n,...e)}}if(t(e,"eval evalsha scriptLoad")){const n=e;return{byDigest:(e,t)=>n.evalsha(o,[e],t),
byText:(e,t)=>n.eval(a,[e],t)}}throw n(`client: expected a client of ioredis, node-redis or @upstash/redis, found ${r=e,
null==r?String(r):"object"==typeof r?"an object":"a "+typeof r}`,"Make the client as you do elsewhere and pass it: redisStore(new Redis(url)).");var r}(e)
;async function d(e,...n){try{return await s(e,n)}catch(e){if(!/NOSCRIPT/.test(e?.message??""))throw r(e)}try{return await c(e,n)}catch(e){throw r(e)}}return{
async load(e){const[n,t,r]=i(await d(e));return{record:t?{version:String(t).slice(1),value:String(r).slice(1)}:null,now:Number(n)}},
async compareAndSwap(e,t,r,{ttlMs:a}){!function({value:e}){
if(!1===e.isWellFormed?.())throw n("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}(r)
;const o=[r.version,r.value,String(Math.ceil(a))],[s,c]=i(await d(e,...o,e,...null===t?[]:[t]));return{swapped:1===Number(c),now:Number(s)}},...l&&{watch:(u=l,
(e,n)=>{let t=!1;const r=u(e,()=>{t||n()});return()=>{t||r(),t=!0}})}};var u}function i(e){
if(Array.isArray(e)&&Number.isFinite(Number(e[0]??Number.NaN)))return e
;throw new Error("the client gave something else than the script's answer, which is an array that begins with the time")}export{redisStore};