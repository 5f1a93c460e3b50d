import{DarajaError}from"daraja-auth";function e(e,t){return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}
var t="A Worker has them in .dev.vars or by wrangler secret put, and gives them: fromEnv({}, env).";var n={
consumerKey:["DARAJA_CONSUMER_KEY","MPESA_CONSUMER_KEY"],consumerSecret:["DARAJA_CONSUMER_SECRET","MPESA_CONSUMER_SECRET"],
environment:["DARAJA_ENVIRONMENT","MPESA_ENVIRONMENT"],baseUrl:["DARAJA_BASE_URL"],store:["DARAJA_STORE"]};function r(e){
const t=t=>e.flatMap(({from:e,variables:n})=>t.filter(e=>((e,t)=>Object.hasOwn(e,t)&&void 0!==e[t])(n,e)).map(t=>({name:t,from:e,value:n[t]
}))),r=Object.fromEntries(Object.entries(n).map(([e,n])=>[e,t(n)])),o=t=>e.findIndex(({from:e})=>e===t.from),[a]=r.environment
;return a&&(r.baseUrl=r.baseUrl.filter(e=>o(e)<=o(a))),r}
var o="(?:daraja|m_?pesa|safaricom|lnmo)",a=new RegExp(`consumer_?(?:key|secret)|${o}_?(?:(?:app|api|client)_?)?(?:key|secret)|${o}_client_?id`,"i"),s=new RegExp(`(?:^|_)${o}_?(?:(?:api|app|daraja|is|target|use)_?)*(?:env|environment|stage|(?:(?:test|live|sandbox)_?)?mode|live|sandbox|prod|production|(?:(?:base|token|auth|oauth)_?)?url|host|endpoint)$`,"i")
;function i(e,t){
const r=Object.values(n).flat(),o=[...new Set(e.flatMap(({variables:e})=>Object.keys(e)))].filter(e=>!r.includes(e)&&!e.startsWith("npm_")),i=t.environment.length+t.baseUrl.length>0
;return{credentials:o.filter(e=>a.test(e)),target:i?[]:o.filter(e=>s.test(e))}}
var c=new Map([["prod","production"],["live","production"],["production","production"],["sandbox","sandbox"],["test","sandbox"],["testing","sandbox"],["dev","sandbox"],["development","sandbox"]])
;function fromEnv(o={},a=globalThis.process?.env??{}){const s=Object.fromEntries(Object.entries(o??{}).filter(([,e])=>void 0!==e)),c={from:"the environment",
variables:f(a)},l=r([c]);for(const e of Object.keys(s).flatMap(d))l[e]=[];return function(r,o,a){
const s=e=>Object.hasOwn(r,e)||Object.hasOwn(r,"credentials"),c=["consumerKey","consumerSecret"].filter(e=>!s(e)&&0===o[e].length);if(0===c.length)return
;const d=c.map(e=>n[e][0]).join(" and "),{credentials:u}=i([a],o),l=[u.length>0&&`${u.join(" and ")}: set, but not read.`,t,"The values are in My Apps on the Daraja portal; npx daraja-auth simulate --write-env .env makes some for tests."]
;throw e(`${d}: not set`,l.filter(Boolean).join(" "))}(s,l,c),void 0===s.environment&&void 0===s.baseUrl&&function(e,t){const{target:n}=i([t],e)
;if(0===n.length)return
;const r=((e,t)=>`${e.join(" and ")}: set, but not read. Daraja's sandbox is asked. Set ${t}.`)(n,"DARAJA_ENVIRONMENT"),{process:o}=globalThis
;o?.emitWarning?o.emitWarning(r,"DarajaAuthWarning","DARAJA_AUTH_LOOKALIKE"):console.warn(r)}(l,c),{...u(l),...s}}function d(e){
return"credentials"===e?["consumerKey","consumerSecret"]:"environment"===e||"baseUrl"===e?["environment","baseUrl"]:Object.hasOwn(n,e)?[e]:[]}
function u({store:[t],environment:[n],...r}){const o={};for(const[e,[t]]of Object.entries(r))t&&(o[e]=l(t));return n&&(o.environment=function(t){
const n=String(l(t));if("sandbox"===n||"production"===n)return n;const r=(a=n,c.get(a.replace(/[^a-z]/gi,"").toLowerCase())),o=r?`; did you mean ${r}?`:"";var a
;throw e(`${t.name}: expected sandbox or production, found another text${o}`,"sandbox is for tests, production for real transactions. DARAJA_BASE_URL gives another host.")
}(n)),t&&(o.store=function({name:t}){
throw e(`${t}: set, but no store can be opened by its address in this runtime`,'Make the store in your program, and give it to fromEnv({ store }): durableObjectStore(env.DARAJA_TOKENS) of "daraja-auth/durable-object", or redisStore(Redis.fromEnv()) with @upstash/redis. docs/stores.md has the lines.')
}(t)),o}function l({name:t,value:n}){if(""===n)throw e(`${t} is set to nothing`,"Give it its value, or unset it.");return n}function f(e){
const t=Object.create(null);let r=Object.values(n).flat();try{r=Object.keys(e)}catch{}for(const n of r)try{Object.hasOwn(e,n)&&(t[n]=e[n])}catch{}return t}
export{fromEnv};