"use strict";var e=Object.create;var t=Object.defineProperty;var n=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var o=Object.getPrototypeOf
;var a=Object.prototype.hasOwnProperty;var s=(e,n)=>{for(var r of Object.keys(n))t(e,r,{get:n[r],enumerable:true})};var i=(e,o,s,i)=>{
if(o&&typeof o==="object"||typeof o==="function"){for(let c of r(o))if(!a.call(e,c)&&c!==s)t(e,c,{get:()=>o[c],enumerable:!(i=n(o,c))||i.enumerable})}return e}
;var c=(n,r,a)=>(a=n!=null?e(o(n)):{},i(r||!n||!n.__esModule?t(a,"default",{value:n,enumerable:true}):a,n));var l=e=>i(t({},"__esModule",{value:true}),e)
;var u={};s(u,{fromEnv:()=>fromEnv});module.exports=l(u);var f=require("node:path");var d=require("daraja-auth");function v(e,t){return new d.DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}var m={consumerKey:["DARAJA_CONSUMER_KEY","MPESA_CONSUMER_KEY"],
consumerSecret:["DARAJA_CONSUMER_SECRET","MPESA_CONSUMER_SECRET"],environment:["DARAJA_ENVIRONMENT","MPESA_ENVIRONMENT"],baseUrl:["DARAJA_BASE_URL"],
store:["DARAJA_STORE"]};var p=(e,t)=>Object.hasOwn(e,t)&&e[t]!==void 0;function b(e){const t=t=>e.flatMap(({from:e,variables:n})=>t.filter(e=>p(n,e)).map(t=>({
name:t,from:e,value:n[t]})));const n=Object.fromEntries(Object.entries(m).map(([e,n])=>[e,t(n)]));const r=t=>e.findIndex(({from:e})=>e===t.from)
;const[o]=n.environment;if(o)n.baseUrl=n.baseUrl.filter(e=>r(e)<=r(o));return n}var h="(?:daraja|m_?pesa|safaricom|lnmo)"
;var O=new RegExp(`consumer_?(?:key|secret)|${h}_?(?:(?:app|api|client)_?)?(?:key|secret)|${h}_client_?id`,"i")
;var g=new RegExp(`(?:^|_)${h}_?(?:(?:api|app|daraja|is|target|use)_?)*(?:env|environment|stage|(?:(?:test|live|sandbox)_?)?mode|live|sandbox|prod|production|(?:(?:base|token|auth|oauth)_?)?url|host|endpoint)$`,"i")
;function A(e,t){const n=Object.values(m).flat()
;const r=[...new Set(e.flatMap(({variables:e})=>Object.keys(e)))].filter(e=>!n.includes(e)&&!e.startsWith("npm_"))
;const o=t.environment.length+t.baseUrl.length>0;return{credentials:r.filter(e=>O.test(e)),target:o?[]:r.filter(e=>g.test(e))}}
var j=(e,t)=>`${e.join(" and ")}: set, but not read. Daraja's sandbox is asked. Set ${t}.`
;var _=new Map([["prod","production"],["live","production"],["production","production"],["sandbox","sandbox"],["test","sandbox"],["testing","sandbox"],["dev","sandbox"],["development","sandbox"]])
;var w=e=>_.get(e.replace(/[^a-z]/gi,"").toLowerCase());var y=["redis:","rediss:","postgres:","postgresql:","file:"];function E({name:e,value:t}){
const n=/^[a-z]+:/i.exec(String(t))?.[0].toLowerCase()??"";if(y.includes(n))return n;const r=t===""?`${e} is set to nothing`:`${e}: found something else`
;return{message:`${r}; expected redis://, rediss://, postgres://, postgresql:// or file:`,hint:"DynamoDB and Durable Objects are reached by your program only."}
}var R="Start Node by node --env-file=.env, or set them where your program runs. Deno shows them with --allow-env only.";var S=1e3;function x(e){const t=E(e)
;if(typeof t!=="string"){throw v(t.message,`${t.hint} Give such a store to fromEnv({ store }).`)}let n;let r=0;let o;function a(){const e=n;n=void 0
;e?.then(e=>e.close()).catch(()=>{})}async function s(t){r++;clearTimeout(o);n??=D(e);try{return await t(await n)}catch(e){if(r===1)a();throw e}finally{
if(--r===0)o=setTimeout(a,S)}}return{load:e=>s(t=>t.load(e)),compareAndSwap:(...e)=>s(t=>t.compareAndSwap(...e))}}async function D(e){
const{openStore:t}=await(import("../bin/store.js"));const n=[process.cwd(),(0,f.dirname)(process.argv[1]??".")];try{return await t({store:[{name:e.name,
value:String(e.value)}]},n)}catch(e){const{message:t,hint:n}=e;if(n===void 0)throw new Error(t);throw v(t,`${n} Or give the store to fromEnv({ store }).`)}}
function fromEnv(e={},t=globalThis.process?.env??{}){const n=Object.fromEntries(Object.entries(e??{}).filter(([,e])=>e!==void 0));const r={
from:"the environment",variables:J(t)};const o=b([r]);for(const e of Object.keys(n).flatMap(M))o[e]=[];T(n,o,r)
;if(n.environment===void 0&&n.baseUrl===void 0)k(o,r);return{...N(o),...n}}function M(e){if(e==="credentials")return["consumerKey","consumerSecret"]
;if(e==="environment"||e==="baseUrl")return["environment","baseUrl"];return Object.hasOwn(m,e)?[e]:[]}function N({store:[e],environment:[t],...n}){const r={}
;for(const[e,[t]]of Object.entries(n))if(t)r[e]=$(t);if(t)r.environment=U(t);if(e)r.store=x(e);return r}function $({name:e,value:t}){
if(t==="")throw v(`${e} is set to nothing`,"Give it its value, or unset it.");return t}function U(e){const t=String($(e))
;if(t==="sandbox"||t==="production")return t;const n=w(t);const r=n?`; did you mean ${n}?`:""
;throw v(`${e.name}: expected sandbox or production, found another text${r}`,"sandbox is for tests, production for real transactions. DARAJA_BASE_URL gives another host.")
}function T(e,t,n){const r=t=>Object.hasOwn(e,t)||Object.hasOwn(e,"credentials");const o=["consumerKey","consumerSecret"].filter(e=>!r(e)&&t[e].length===0)
;if(o.length===0)return;const a=o.map(e=>m[e][0]).join(" and ");const{credentials:s}=A([n],t)
;const i=[s.length>0&&`${s.join(" and ")}: set, but not read.`,R,"The values are in My Apps on the Daraja portal; npx daraja-auth simulate --write-env .env makes some for tests."]
;throw v(`${a}: not set`,i.filter(Boolean).join(" "))}function k(e,t){const{target:n}=A([t],e);if(n.length===0)return;const r=j(n,"DARAJA_ENVIRONMENT")
;const{process:o}=globalThis;if(o?.emitWarning)o.emitWarning(r,"DarajaAuthWarning","DARAJA_AUTH_LOOKALIKE");else console.warn(r)}function J(e){
const t=Object.create(null);let n=Object.values(m).flat();try{n=Object.keys(e)}catch{}for(const r of n){try{if(Object.hasOwn(e,r))t[r]=e[r]}catch{}}return t}
0&&(module.exports={fromEnv});