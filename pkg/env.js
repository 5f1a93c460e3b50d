import{dirname as e}from"node:path";import{DarajaError}from"daraja-auth";function t(e,t){return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",
retryable:!1,hint:t})}var n={consumerKey:["DARAJA_CONSUMER_KEY","MPESA_CONSUMER_KEY"],consumerSecret:["DARAJA_CONSUMER_SECRET","MPESA_CONSUMER_SECRET"],
environment:["DARAJA_ENVIRONMENT","MPESA_ENVIRONMENT"],baseUrl:["DARAJA_BASE_URL"],store:["DARAJA_STORE"]};function r(e){
const t=t=>e.flatMap(({from:e,variables:n})=>t.filter(e=>((e,t)=>Object.hasOwn(e,t)&&void 0!==e[t])(n,e)).map(t=>({name:t,from:e,value:n[t]
}))),r=Object.fromEntries(Object.entries(n).map(([e,n])=>[e,t(n)])),o=t=>e.findIndex(({from:e})=>e===t.from),[s]=r.environment
;return s&&(r.baseUrl=r.baseUrl.filter(e=>o(e)<=o(s))),r}
var o="(?:daraja|m_?pesa|safaricom)",s=new RegExp(`consumer_?(?:key|secret)|${o}_?(?:(?:app|api|client)_?)?(?:key|secret)`,"i"),a=new RegExp(`^${o}_(?:api_)?(?:env|environment|mode|stage|live|sandbox|production|is_(?:live|sandbox|production)|base_?url|url|host)$`,"i")
;function i(e,t){
const r=Object.values(n).flat(),o=[...new Set(e.flatMap(({variables:e})=>Object.keys(e)))].filter(e=>!r.includes(e)&&!e.startsWith("npm_")),i=t.environment.length+t.baseUrl.length>0
;return{credentials:o.filter(e=>s.test(e)),target:i?[]:o.filter(e=>a.test(e))}}
var c=new Map([["prod","production"],["live","production"],["production","production"],["sandbox","sandbox"],["test","sandbox"],["testing","sandbox"],["dev","sandbox"],["development","sandbox"]]),l=["redis:","rediss:","postgres:","postgresql:","file:"]
;var u="Start Node by node --env-file=.env, or set them where your program runs. Deno shows them with --allow-env only.";function d(n){
const r=function({name:e,value:t}){const n=/^[a-z]+:/i.exec(String(t))?.[0].toLowerCase()??"";return l.includes(n)?n:{
message:(""===t?`${e} is set to nothing`:`${e}: found something else`)+"; expected redis://, rediss://, postgres://, postgresql:// or file:",
hint:"DynamoDB and Durable Objects are reached by your program only."}}(n)
;if("string"!=typeof r)throw t(r.message,`${r.hint} Give such a store to fromEnv({ store }).`);let o,s,a=0;function i(){const e=o;o=void 0,
e?.then(e=>e.close()).catch(()=>{})}async function c(r){a++,clearTimeout(s),o??=async function(n){
const{openStore:r}=await(import("../bin/store.js")),o=[process.cwd(),e(process.argv[1]??".")];try{return await r({store:[{name:n.name,value:String(n.value)}]
},o)}catch(e){const{message:n,hint:r}=e;if(void 0===r)throw new Error(n);throw t(n,`${r} Or give the store to fromEnv({ store }).`)}}(n);try{
return await r(await o)}catch(e){throw 1===a&&i(),e}finally{0===--a&&(s=setTimeout(i,1e3))}}return{load:e=>c(t=>t.load(e)),
compareAndSwap:(...e)=>c(t=>t.compareAndSwap(...e))}}function fromEnv(e={},o=globalThis.process?.env??{}){
const s=Object.fromEntries(Object.entries(e??{}).filter(([,e])=>void 0!==e)),a={from:"the environment",variables:p(o)},c=r([a])
;for(const e of Object.keys(s).flatMap(f))c[e]=[];return function(e,r,o){
const s=t=>Object.hasOwn(e,t)||Object.hasOwn(e,"credentials"),a=["consumerKey","consumerSecret"].filter(e=>!s(e)&&0===r[e].length);if(0===a.length)return
;const c=a.map(e=>n[e][0]).join(" and "),{credentials:l}=i([o],r),d=[l.length>0&&`${l.join(" and ")}: set, but not read.`,u,"The values are in My Apps on the Daraja portal; npx daraja-auth simulate --write-env .env makes some for tests."]
;throw t(`${c}: not set`,d.filter(Boolean).join(" "))}(s,c,a),void 0===s.environment&&void 0===s.baseUrl&&function(e,t){const{target:n}=i([t],e)
;if(0===n.length)return
;const r=((e,t)=>`${e.join(" and ")}: set, but not read. Daraja's sandbox is asked. ${t} says which.`)(n,"DARAJA_ENVIRONMENT"),{process:o}=globalThis
;o?.emitWarning?o.emitWarning(r,"DarajaAuthWarning","DARAJA_AUTH_LOOKALIKE"):console.warn(r)}(c,a),{...m(c),...s}}function f(e){
return"credentials"===e?["consumerKey","consumerSecret"]:"environment"===e||"baseUrl"===e?["environment","baseUrl"]:Object.hasOwn(n,e)?[e]:[]}
function m({store:[e],environment:[n],...r}){const o={};for(const[e,[t]]of Object.entries(r))t&&(o[e]=h(t));return n&&(o.environment=function(e){
const n=String(h(e));if("sandbox"===n||"production"===n)return n;const r=(s=n,c.get(s.replace(/[^a-z]/gi,"").toLowerCase())),o=r?`; did you mean ${r}?`:"";var s
;throw t(`${e.name}: expected sandbox or production, found another text${o}`,"sandbox is for tests, production for real transactions. DARAJA_BASE_URL gives another host.")
}(n)),e&&(o.store=d(e)),o}function h({name:e,value:n}){if(""===n)throw t(`${e} is set to nothing`,"Give it its value, or unset it.");return n}function p(e){
const t=Object.create(null);let r=Object.values(n).flat();try{r=Object.keys(e)}catch{}for(const n of r)try{Object.hasOwn(e,n)&&(t[n]=e[n])}catch{}return t}
export{fromEnv};