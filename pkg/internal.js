var e={consumerKey:["DARAJA_CONSUMER_KEY","MPESA_CONSUMER_KEY"],consumerSecret:["DARAJA_CONSUMER_SECRET","MPESA_CONSUMER_SECRET"],
environment:["DARAJA_ENVIRONMENT","MPESA_ENVIRONMENT"],baseUrl:["DARAJA_BASE_URL"],store:["DARAJA_STORE"]},t=(e,t)=>Object.hasOwn(e,t)&&void 0!==e[t]
;function n(n){const r=e=>n.flatMap(({from:n,variables:r})=>e.filter(e=>t(r,e)).map(e=>({name:e,from:n,value:r[e]
}))),o=Object.fromEntries(Object.entries(e).map(([e,t])=>[e,r(t)])),s=e=>n.findIndex(({from:t})=>t===e.from),[a]=o.environment
;return a&&(o.baseUrl=o.baseUrl.filter(e=>s(e)<=s(a))),o}
var r="(?:daraja|m_?pesa|safaricom)",o=new RegExp(`consumer_?(?:key|secret)|${r}_?(?:(?:app|api|client)_?)?(?:key|secret)`,"i"),s=new RegExp(`^${r}_(?:api_)?(?:env|environment|mode|stage|live|sandbox|production|is_(?:live|sandbox|production)|base_?url|url|host)$`,"i")
;function a(t,n){
const r=Object.values(e).flat(),a=[...new Set(t.flatMap(({variables:e})=>Object.keys(e)))].filter(e=>!r.includes(e)&&!e.startsWith("npm_")),i=n.environment.length+n.baseUrl.length>0
;return{credentials:a.filter(e=>o.test(e)),target:i?[]:a.filter(e=>s.test(e))}}
var i=(e,t)=>`${e.join(" and ")}: set, but not read. Daraja's sandbox is asked. ${t} says which.`,c=new Map([["prod","production"],["live","production"],["production","production"],["sandbox","sandbox"],["test","sandbox"],["testing","sandbox"],["dev","sandbox"],["development","sandbox"]]),u=e=>c.get(e.replace(/[^a-z]/gi,"").toLowerCase()),l=["redis:","rediss:","postgres:","postgresql:","file:"]
;function d({name:e,value:t}){const n=/^[a-z]+:/i.exec(String(t))?.[0].toLowerCase()??"";if(l.includes(n))return n;return{
message:`${""===t?`${e} is set to nothing`:`${e}: found something else`}; expected redis://, rediss://, postgres://, postgresql:// or file:`,
hint:"DynamoDB and Durable Objects are reached by your program only."}}function f(e,t){let n=e;for(let r=0;r<32;r++){if(Object.hasOwn(n,t))return e[t]
;if(n=Object.getPrototypeOf(n),null===n||null===Object.getPrototypeOf(n))return}}var p=1;function A(e){const t="string"==typeof e&&e.length<=65536
;return n=t?function(e){try{const t=JSON.parse(e);return null===t||"object"!=typeof t||Array.isArray(t)?void 0:t}catch{return}}(e):void 0,
Object.assign(Object.create(null),n);var n}function b(e,t){const{lease:n}=e,r=m(e.budget,"left","refilledAt");return{history:_(e.history),epoch:E(e.epoch),
token:t,obtainedAt:E(e.obtainedAt),expiresAt:E(e.expiresAt),renewAt:E(e.renewAt??e.rotateAt),dead:!0===e.dead,notBefore:E(e.notBefore),failures:E(e.failures),
lease:n?g(m(n,"nonce","reason","durationMs","until")):void 0,budget:{left:E(r.left),refilledAt:E(r.refilledAt)},
refusals:Object.entries(e.refusals??{}).map(([e,t])=>function(e,{epoch:t,nextForcedAt:n,gapMs:r}){return{endpoint:_(e),epoch:E(t),nextForcedAt:E(n),gapMs:E(r)}
}(e,m(t,"epoch","nextForcedAt","gapMs"))).sort((e,t)=>e.nextForcedAt-t.nextForcedAt).slice(-8)}}
function g({nonce:e,reason:t,durationMs:n,until:r=Number.MAX_SAFE_INTEGER}){return{nonce:_(e),reason:"string"==typeof t?t:"",durationMs:E(n),until:E(r)}}
function m(e,...t){const n="object"==typeof e&&null!==e;return Object.fromEntries(t.map(t=>[t,n?f(e,t):void 0]))}function E(e){return"number"==typeof e?e:0}
function _(e){return"string"==typeof e&&Number.parseInt(e,16)||0}function v(e,t){return`daraja-auth:v1:${new URL(e).origin}:${t}`}async function y(e){
const t=await crypto.subtle.digest("SHA-256",(new TextEncoder).encode(e));return function(e){return Array.from(e,e=>e.toString(16).padStart(2,"0")).join("")
}(new Uint8Array(t).subarray(0,8))}var O="VERCEL AWS_LAMBDA_FUNCTION_NAME K_SERVICE pm_id".split(" ")
;export{O as PLATFORMS,p as SCHEMA,e as VARIABLES,t as isSet,a as lookalikesIn,u as meantEnvironment,A as parseRecord,b as readRecord,v as recordKey,y as sharedName,d as storeSchemeOf,n as valuesIn,i as warningOf};