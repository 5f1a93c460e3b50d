// @ts-nocheck
var e="Name its authority's file in NODE_EXTRA_CA_CERTS",t="Raise Node's --network-family-autoselection-attempt-timeout",n=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/
;function r({code:r,errors:o}){return n.test(String(r))?e:Array.isArray(o)&&[r,...o.map(e=>e?.code)].includes("ETIMEDOUT")?t:void 0}function o(e,t,n=""){
const r=t=>function(e,t){if(e.length>2&&t.includes(e))return 1;let n=[],r=Array.from(` ${t}`,(e,t)=>t);for(let o=1;o<=e.length;o++){const a=[o]
;for(let s=1;s<r.length;s++){const i=(e,t)=>e[s-t]??0,c=i(r,1)+(e[o-1]===t[s-1]?0:1),u=e[o-1]===t[s-2]&&e[o-2]===t[s-1]?i(n,2)+1:c
;a.push(Math.min(i(r,0)+1,i(a,1)+1,c,u))}[n,r]=[r,a]}return r[t.length]??0
}(e.toLowerCase(),t.toLowerCase()),[o]=t.filter(e=>r(e)<=Math.max(1,e.length/3)).sort((e,t)=>r(e)-r(t));return o?`; did you mean ${n}${o}?`:""}var a={
consumerKey:["DARAJA_CONSUMER_KEY","MPESA_CONSUMER_KEY"],consumerSecret:["DARAJA_CONSUMER_SECRET","MPESA_CONSUMER_SECRET"],
environment:["DARAJA_ENVIRONMENT","MPESA_ENVIRONMENT"],baseUrl:["DARAJA_BASE_URL"],store:["DARAJA_STORE"]},s=(e,t)=>Object.hasOwn(e,t)&&void 0!==e[t]
;function i(e){const t=t=>e.flatMap(({from:e,variables:n})=>t.filter(e=>s(n,e)).map(t=>({name:t,from:e,value:n[t]
}))),n=Object.fromEntries(Object.entries(a).map(([e,n])=>[e,t(n)])),r=t=>e.findIndex(({from:e})=>e===t.from),[o]=n.environment
;return o&&(n.baseUrl=n.baseUrl.filter(e=>r(e)<=r(o))),n}
var c="(?:daraja|m_?pesa|safaricom|lnmo)",u=new RegExp(`consumer_?(?:key|secret)|${c}_?(?:(?:app|api|client)_?)?(?:key|secret)|${c}_client_?id`,"i"),l=new RegExp(`(?:^|_)${c}_?(?:(?:api|app|daraja|is|target|use)_?)*(?:env|environment|stage|(?:(?:test|live|sandbox)_?)?mode|live|sandbox|prod|production|(?:(?:base|token|auth|oauth)_?)?url|host|endpoint)$`,"i")
;function d(e,t){
const n=Object.values(a).flat(),r=[...new Set(e.flatMap(({variables:e})=>Object.keys(e)))].filter(e=>!n.includes(e)&&!e.startsWith("npm_")),o=t.environment.length+t.baseUrl.length>0
;return{credentials:r.filter(e=>u.test(e)),target:o?[]:r.filter(e=>l.test(e))}}
var f=(e,t)=>`${e.join(" and ")}: set, but not read. Daraja's sandbox is asked. Set ${t}.`,p=new Map([["prod","production"],["live","production"],["production","production"],["sandbox","sandbox"],["test","sandbox"],["testing","sandbox"],["dev","sandbox"],["development","sandbox"]]),A=e=>p.get(e.replace(/[^a-z]/gi,"").toLowerCase()),E=["redis:","rediss:","postgres:","postgresql:","file:"]
;function b({name:e,value:t}){const n=/^[a-z]+:/i.exec(String(t))?.[0].toLowerCase()??"";if(E.includes(n))return n;return{
message:`${""===t?`${e} is set to nothing`:`${e}: found something else`}; expected redis://, rediss://, postgres://, postgresql:// or file:`,
hint:"DynamoDB and Durable Objects are reached by your program only."}}function m(e,t){let n=e;for(let r=0;r<32;r++){if(Object.hasOwn(n,t))return e[t]
;if(n=Object.getPrototypeOf(n),null===n||null===Object.getPrototypeOf(n))return}}var _=1;function g(e){const t="string"==typeof e&&e.length<=65536
;return n=t?function(e,t){try{const n=JSON.parse(e,t);return null===n||"object"!=typeof n||Array.isArray(n)?void 0:n}catch{return}}(e):void 0,
Object.assign(Object.create(null),n);var n}function y(e,t){const{lease:n}=e,r=O(e.budget,"left","refilledAt");return{history:S(e.history),epoch:v(e.epoch),
token:t,obtainedAt:v(e.obtainedAt),expiresAt:v(e.expiresAt),renewAt:v(e.renewAt??e.rotateAt),dead:!0===e.dead,notBefore:v(e.notBefore),failures:v(e.failures),
lease:n?h(O(n,"nonce","reason","durationMs","until")):void 0,budget:{left:v(r.left),refilledAt:v(r.refilledAt)},
refusals:Object.entries(e.refusals??{}).map(([e,t])=>function(e,{epoch:t,nextForcedAt:n,gapMs:r}){return{endpoint:S(e),epoch:v(t),nextForcedAt:v(n),gapMs:v(r)}
}(e,O(t,"epoch","nextForcedAt","gapMs"))).sort((e,t)=>e.nextForcedAt-t.nextForcedAt).slice(-8)}}
function h({nonce:e,reason:t,durationMs:n,until:r=Number.MAX_SAFE_INTEGER}){return{nonce:S(e),reason:"string"==typeof t?t:"",durationMs:v(n),until:v(r)}}
function O(e,...t){const n="object"==typeof e&&null!==e;return Object.fromEntries(t.map(t=>[t,n?m(e,t):void 0]))}function v(e){return"number"==typeof e?e:0}
function S(e){return"string"==typeof e&&Number.parseInt(e,16)||0}function R(e,t){return`daraja-auth:v1:${new URL(e).origin}:${t}`}async function x(e){
const t=await crypto.subtle.digest("SHA-256",(new TextEncoder).encode(e));return function(e){return Array.from(e,e=>e.toString(16).padStart(2,"0")).join("")
}(new Uint8Array(t).subarray(0,8))}var M=["VERCEL","AWS_LAMBDA_FUNCTION_NAME","K_SERVICE","pm_id"]
;export{t as MORE_TIME,M as PLATFORMS,_ as SCHEMA,e as TRUST,a as VARIABLES,o as didYouMean,s as isSet,d as lookalikesIn,A as meantEnvironment,g as parseRecord,y as readRecord,R as recordKey,r as remedyFor,x as sharedName,b as storeSchemeOf,i as valuesIn,f as warningOf};