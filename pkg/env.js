import{dirname as e}from"node:path";import{DarajaError}from"daraja-auth";function t(e,t){return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",
retryable:!1,hint:t})}var n={consumerKey:["DARAJA_CONSUMER_KEY","MPESA_CONSUMER_KEY"],consumerSecret:["DARAJA_CONSUMER_SECRET","MPESA_CONSUMER_SECRET"],
environment:["DARAJA_ENVIRONMENT","MPESA_ENVIRONMENT"],baseUrl:["DARAJA_BASE_URL"],store:["DARAJA_STORE"]};function r(e){
const t=t=>e.flatMap(({from:e,variables:n})=>t.filter(e=>((e,t)=>Object.hasOwn(e,t)&&void 0!==e[t])(n,e)).map(t=>({name:t,from:e,value:n[t]
}))),r=Object.fromEntries(Object.entries(n).map(([e,n])=>[e,t(n)])),o=t=>e.findIndex(({from:e})=>e===t.from),[a]=r.environment
;return a&&(r.baseUrl=r.baseUrl.filter(e=>o(e)<=o(a))),r}
var o="(?:daraja|m_?pesa|safaricom|lnmo)",a=new RegExp(`consumer_?(?:key|secret)|${o}_?(?:(?:app|api|client)_?)?(?:key|secret)|${o}_client_?id`,"i"),s=new RegExp(`(?:^|_)${o}_?(?:(?:api|app|daraja|is|target|use)_?)*(?:env|environment|stage|(?:(?:test|live|sandbox)_?)?mode|live|sandbox|prod|production|(?:(?:base|token|auth|oauth)_?)?url|host|endpoint)$`,"i")
;function i(e,t){
const r=Object.values(n).flat(),o=[...new Set(e.flatMap(({variables:e})=>Object.keys(e)))].filter(e=>!r.includes(e)&&!e.startsWith("npm_")),i=t.environment.length+t.baseUrl.length>0
;return{credentials:o.filter(e=>a.test(e)),target:i?[]:o.filter(e=>s.test(e))}}
var c=new Map([["prod","production"],["live","production"],["production","production"],["sandbox","sandbox"],["test","sandbox"],["testing","sandbox"],["dev","sandbox"],["development","sandbox"]]),l=["redis:","rediss:","postgres:","postgresql:","file:"]
;var u="Start Node by node --env-file=.env, or set them where your program runs. Deno shows them with --allow-env only.";function d(n){
const r=function({name:e,value:t}){const n=/^[a-z]+:/i.exec(String(t))?.[0].toLowerCase()??"";return l.includes(n)?n:{
message:(""===t?`${e} is set to nothing`:`${e}: found something else`)+"; expected redis://, rediss://, postgres://, postgresql:// or file:",
hint:"DynamoDB and Durable Objects are reached by your program only."}}(n)
;if("string"!=typeof r)throw t(r.message,`${r.hint} Give such a store to fromEnv({ store }).`);let o,a,s=0;function i(){const e=o;o=void 0,
e?.then(e=>e.close()).catch(()=>{})}async function c(r){s++,clearTimeout(a),o??=async function(n){
const{openStore:r}=await(import("../bin/store.js")),o=[process.cwd(),e(process.argv[1]??".")];try{return await r({store:[{name:n.name,value:String(n.value)}]
},o)}catch(e){const{message:n,hint:r}=e;if(void 0===r)throw new Error(n);throw t(n,`${r} Or give the store to fromEnv({ store }).`)}}(n);try{
return await r(await o)}catch(e){throw 1===s&&i(),e}finally{0===--s&&(a=setTimeout(i,1e3))}}return{load:e=>c(t=>t.load(e)),
compareAndSwap:(...e)=>c(t=>t.compareAndSwap(...e))}}function fromEnv(e={},o=globalThis.process?.env??{}){
const a=Object.fromEntries(Object.entries(e??{}).filter(([,e])=>void 0!==e)),s={from:"the environment",variables:h(o)},c=r([s])
;for(const e of Object.keys(a).flatMap(m))c[e]=[];return function(e,r,o){
const a=t=>Object.hasOwn(e,t)||Object.hasOwn(e,"credentials"),s=["consumerKey","consumerSecret"].filter(e=>!a(e)&&0===r[e].length);if(0===s.length)return
;const c=s.map(e=>n[e][0]).join(" and "),{credentials:l}=i([o],r),d=[l.length>0&&`${l.join(" and ")}: set, but not read.`,u,"The values are in My Apps on the Daraja portal; npx daraja-auth simulate --write-env .env makes some for tests."]
;throw t(`${c}: not set`,d.filter(Boolean).join(" "))}(a,c,s),void 0===a.environment&&void 0===a.baseUrl&&function(e,t){const{target:n}=i([t],e)
;if(0===n.length)return
;const r=((e,t)=>`${e.join(" and ")}: set, but not read. Daraja's sandbox is asked. Set ${t}.`)(n,"DARAJA_ENVIRONMENT"),{process:o}=globalThis
;o?.emitWarning?o.emitWarning(r,"DarajaAuthWarning","DARAJA_AUTH_LOOKALIKE"):console.warn(r)}(c,s),{...f(c),...a}}function m(e){
return"credentials"===e?["consumerKey","consumerSecret"]:"environment"===e||"baseUrl"===e?["environment","baseUrl"]:Object.hasOwn(n,e)?[e]:[]}
function f({store:[e],environment:[n],...r}){const o={};for(const[e,[t]]of Object.entries(r))t&&(o[e]=p(t));return n&&(o.environment=function(e){
const n=String(p(e));if("sandbox"===n||"production"===n)return n;const r=(a=n,c.get(a.replace(/[^a-z]/gi,"").toLowerCase())),o=r?`; did you mean ${r}?`:"";var a
;throw t(`${e.name}: expected sandbox or production, found another text${o}`,"sandbox is for tests, production for real transactions. DARAJA_BASE_URL gives another host.")
}(n)),e&&(o.store=d(e)),o}function p({name:e,value:n}){if(""===n)throw t(`${e} is set to nothing`,"Give it its value, or unset it.");return n}function h(e){
const t=Object.create(null);let r=Object.values(n).flat();try{r=Object.keys(e)}catch{}for(const n of r)try{Object.hasOwn(e,n)&&(t[n]=e[n])}catch{}return t}
export{fromEnv};