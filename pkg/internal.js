function t(t,e){let n=t;for(let r=0;r<32;r++){if(Object.hasOwn(n,e))return t[e];if(n=Object.getPrototypeOf(n),null===n||null===Object.getPrototypeOf(n))return}}
var e=1;function n(t){const e="string"==typeof t&&t.length<=65536;return n=e?function(t){try{const e=JSON.parse(t)
;return null===e||"object"!=typeof e||Array.isArray(e)?void 0:e}catch{return}}(t):void 0,Object.assign(Object.create(null),n);var n}function r(t,e){
const{lease:n}=t,r=i(t.budget,"left","refilledAt");return{history:c(t.history),epoch:u(t.epoch),token:e,obtainedAt:u(t.obtainedAt),expiresAt:u(t.expiresAt),
renewAt:u(t.renewAt??t.rotateAt),dead:!0===t.dead,notBefore:u(t.notBefore),failures:u(t.failures),lease:n?o(i(n,"nonce","reason","durationMs","until")):void 0,
budget:{left:u(r.left),refilledAt:u(r.refilledAt)},refusals:Object.entries(t.refusals??{}).map(([t,e])=>function(t,{epoch:e,nextForcedAt:n,gapMs:r}){return{
endpoint:c(t),epoch:u(e),nextForcedAt:u(n),gapMs:u(r)}}(t,i(e,"epoch","nextForcedAt","gapMs"))).sort((t,e)=>t.nextForcedAt-e.nextForcedAt).slice(-8)}}
function o({nonce:t,reason:e,durationMs:n,until:r=Number.MAX_SAFE_INTEGER}){return{nonce:c(t),reason:"string"==typeof e?e:"",durationMs:u(n),until:u(r)}}
function i(e,...n){const r="object"==typeof e&&null!==e;return Object.fromEntries(n.map(n=>[n,r?t(e,n):void 0]))}function u(t){return"number"==typeof t?t:0}
function c(t){return"string"==typeof t&&Number.parseInt(t,16)||0}function a(t,e){return`daraja-auth:v1:${new URL(t).origin}:${e}`}async function s(t){
const e=await crypto.subtle.digest("SHA-256",(new TextEncoder).encode(t));return function(t){return Array.from(t,t=>t.toString(16).padStart(2,"0")).join("")
}(new Uint8Array(e).subarray(0,8))}export{e as SCHEMA,n as parseRecord,r as readRecord,a as recordKey,s as sharedName};