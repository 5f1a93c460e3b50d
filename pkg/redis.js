import{DarajaError}from"daraja-auth";function e(e,t){return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}function t(e,t){const n=e
;return t.split(" ").every(e=>"function"==typeof n?.[e])}var n=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function r(e){
const{name:t,code:r=t,message:a,errors:o}=e??{},i=Array.isArray(o)?`none of several addresses answered: ${o[0]?.message}`:r,[s]=String(a||i).split(", command was:")
;let c="";return n.test(String(r))&&(c=". Name its authority's file in NODE_EXTRA_CA_CERTS"),
"ETIMEDOUT"===r&&Array.isArray(o)&&(c=". Raise Node's --network-family-autoselection-attempt-timeout"),Object.assign(new Error(s+c),{code:r})}
var a="local time = redis.call('TIME')\nlocal now = time[1] * 1000 + math.floor(time[2] / 1000)\nlocal held = redis.call('HMGET', KEYS[1], 'version', 'value')\nif #ARGV == 0 then\n  redis.call('HDEL', KEYS[1], '')\n  return { now, held[1] and '=' .. held[1], held[2] and '=' .. held[2] }\nend\nif held[1] ~= ARGV[1] then\n  if (held[1] or nil) ~= ARGV[5] then return { now, 0 } end\n  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])\n  redis.call('PEXPIRE', KEYS[1], ARGV[3])\n  redis.pcall('PUBLISH', ARGV[4], '')\nend\nreturn { now, 1 }",o="41aa5ccf00f14749f1550bbd9da54bc69dc2695d"
;function redisStore(n){const{byDigest:s,byText:c,watch:l}=function(n){if(function(e){try{if(t(e?.v4,"evalSha"))return!0}catch{}
return t(e,"evalSha sendCommand multi")&&!t(e,"connect")
}(n))throw e("client: expected a client of ioredis, node-redis or @upstash/redis, found one of node-redis in legacy mode","It takes callbacks. Pass client.v4 of node-redis 4, or the client that you called legacy() of.")
;if(t(n,"eval evalSha")){const e=n;return function(e){if(!t(e,"on listenerCount"))return;const n=e;0===n.listenerCount("error")&&n.on("error",()=>{})}(e),{
byDigest:(t,n)=>e.evalSha(o,{keys:[t],arguments:n}),byText:(t,n)=>e.eval(a,{keys:[t],arguments:n}),watch:t(e,"duplicate")&&((...t)=>function(e,t,n){
const r=e.duplicate();let a=!1;const o=()=>{a=!0,e.removeListener("end",o),i().catch(()=>{})},i=async()=>(r.destroy??r.disconnect).call(r)
;return e.once("end",o),r.on("error",()=>{}),r.connect().then(()=>a?i():r.subscribe(t,n)).catch(()=>{}),o}(e,...t))}}if(t(n,"eval evalsha defineCommand")){
const e=n;return{byDigest:(t,n)=>e.evalsha(o,1,t,...n),byText:(t,n)=>e.eval(a,1,t,...n),watch:(...t)=>function(e,t,n){const r=e.duplicate(),a=()=>{
e.removeListener("end",a),r.disconnect()};e.once("end",a),r.on("error",()=>{}),r.on("message",n),r.once("ready",()=>r.subscribe(t).catch(()=>{})),
"wait"===r.status&&r.connect().catch(()=>{});return a}(e,...t)}}if(t(n,"eval evalsha scriptLoad")){const e=n;return{byDigest:(t,n)=>e.evalsha(o,[t],n),
byText:(t,n)=>e.eval(a,[t],n)}}throw e(`client: expected a client of ioredis, node-redis or @upstash/redis, found ${r=n,
null==r?String(r):"object"==typeof r?"an object":"a "+typeof r}`,"Make the client as you do elsewhere and pass it: redisStore(new Redis(url)).");var r}(n)
;async function d(e,...t){try{return await s(e,t)}catch(e){if(!/NOSCRIPT/.test(e?.message??""))throw r(e)}try{return await c(e,t)}catch(e){throw r(e)}}return{
async load(e){const[t,n,r]=i(await d(e));return{record:n?{version:String(n).slice(1),value:String(r).slice(1)}:null,now:Number(t)}},
async compareAndSwap(t,n,r,{ttlMs:a}){!function({value:t}){
if(!1===t.isWellFormed?.())throw e("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}(r)
;const o=[r.version,r.value,String(Math.ceil(a))],[s,c]=i(await d(t,...o,t,...null===n?[]:[n]));return{swapped:1===Number(c),now:Number(s)}},...l&&{watch:(u=l,
(e,t)=>{let n=!1;const r=u(e,()=>{n||t()});return()=>{n||r(),n=!0}})}};var u}function i(e){
if(Array.isArray(e)&&Number.isFinite(Number(e[0]??Number.NaN)))return e
;throw new Error("the client gave something else than the script's answer, which is an array that begins with the time")}export{redisStore};