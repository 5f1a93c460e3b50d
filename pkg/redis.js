var e=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;import{DarajaError}from"daraja-auth";function t(e,t){return new DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}function n(e,t){const n=e;return t.split(" ").every(e=>"function"==typeof n?.[e])}function r(t){
const{name:n,code:r=n,message:a,errors:o}=t??{},i=Array.isArray(o)?`none of several addresses answered: ${o[0]?.message}`:r,[s]=String(a||i).split(", command was:"),c=function({code:t,errors:n}){
return e.test(String(t))?"Name its authority's file in NODE_EXTRA_CA_CERTS":"ETIMEDOUT"===t&&Array.isArray(n)?"Raise Node's --network-family-autoselection-attempt-timeout":void 0
}({code:r,errors:o});return Object.assign(new Error(c?`${s}. ${c}`:s),{code:r})}
var a="local time = redis.call('TIME')\nlocal now = time[1] * 1000 + math.floor(time[2] / 1000)\nlocal held = redis.call('HMGET', KEYS[1], 'version', 'value')\nif #ARGV == 0 then\n  redis.call('HDEL', KEYS[1], '')\n  return { now, held[1] and '=' .. held[1], held[2] and '=' .. held[2] }\nend\nif held[1] ~= ARGV[1] then\n  if (held[1] or nil) ~= ARGV[5] then return { now, 0 } end\n  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])\n  redis.call('PEXPIRE', KEYS[1], ARGV[3])\n  redis.pcall('PUBLISH', ARGV[4], '')\nend\nreturn { now, 1 }",o="41aa5ccf00f14749f1550bbd9da54bc69dc2695d"
;function redisStore(e){const{byDigest:s,byText:c,watch:l}=function(e){if(function(e){try{if(n(e?.v4,"evalSha"))return!0}catch{}
return n(e,"evalSha sendCommand multi")&&!n(e,"connect")
}(e))throw t("client: expected a client of ioredis, node-redis or @upstash/redis, found one of node-redis in legacy mode","It takes callbacks. Pass client.v4 of node-redis 4, or the client that you called legacy() of.")
;if(n(e,"eval evalSha")){const t=e;return function(e){if(!n(e,"on listenerCount"))return;const t=e;0===t.listenerCount("error")&&t.on("error",()=>{})}(t),{
byDigest:(e,n)=>t.evalSha(o,{keys:[e],arguments:n}),byText:(e,n)=>t.eval(a,{keys:[e],arguments:n}),watch:n(t,"duplicate")&&((...e)=>function(e,t,n){
const r=e.duplicate();let a=!1;const o=()=>{a=!0,e.removeListener("end",o),i().catch(()=>{})},i=async()=>(r.destroy??r.disconnect).call(r)
;return e.once("end",o),r.on("error",()=>{}),r.connect().then(()=>a?i():r.subscribe(t,n)).catch(()=>{}),o}(t,...e))}}if(n(e,"eval evalsha defineCommand")){
const t=e;return{byDigest:(e,n)=>t.evalsha(o,1,e,...n),byText:(e,n)=>t.eval(a,1,e,...n),watch:(...e)=>function(e,t,n){const r=e.duplicate(),a=()=>{
e.removeListener("end",a),r.disconnect()};e.once("end",a),r.on("error",()=>{}),r.on("message",n),r.once("ready",()=>r.subscribe(t).catch(()=>{})),
"wait"===r.status&&r.connect().catch(()=>{});return a}(t,...e)}}if(n(e,"eval evalsha scriptLoad")){const t=e;return{byDigest:(e,n)=>t.evalsha(o,[e],n),
byText:(e,n)=>t.eval(a,[e],n)}}throw t(`client: expected a client of ioredis, node-redis or @upstash/redis, found ${r=e,
null==r?String(r):"object"==typeof r?"an object":"a "+typeof r}`,"Make the client as you do elsewhere and pass it: redisStore(new Redis(url)).");var r}(e)
;async function d(e,...t){try{return await s(e,t)}catch(e){if(!/NOSCRIPT/.test(e?.message??""))throw r(e)}try{return await c(e,t)}catch(e){throw r(e)}}return{
async load(e){const[t,n,r]=i(await d(e));return{record:n?{version:String(n).slice(1),value:String(r).slice(1)}:null,now:Number(t)}},
async compareAndSwap(e,n,r,{ttlMs:a}){!function({value:e}){
if(!1===e.isWellFormed?.())throw t("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}(r)
;const o=[r.version,r.value,String(Math.ceil(a))],[s,c]=i(await d(e,...o,e,...null===n?[]:[n]));return{swapped:1===Number(c),now:Number(s)}},...l&&{watch:(u=l,
(e,t)=>{let n=!1;const r=u(e,()=>{n||t()});return()=>{n||r(),n=!0}})}};var u}function i(e){
if(Array.isArray(e)&&Number.isFinite(Number(e[0]??Number.NaN)))return e
;throw new Error("the client gave something else than the script's answer, which is an array that begins with the time")}export{redisStore};