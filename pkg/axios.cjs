"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var n=Object.prototype.hasOwnProperty
;var a=(t,r)=>{for(var n in r)e(t,n,{get:r[n],enumerable:true})};var o=(a,o,s,i)=>{if(o&&typeof o==="object"||typeof o==="function"){
for(let c of r(o))if(!n.call(a,c)&&c!==s)e(a,c,{get:()=>o[c],enumerable:!(i=t(o,c))||i.enumerable})}return a};var s=t=>o(e({},"__esModule",{value:true}),t)
;var i={};a(i,{withDaraja:()=>withDaraja});module.exports=s(i);var c=require("daraja-auth");var u=require("daraja-auth");function f(e,t){
return new u.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function l(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}function withDaraja(e,t){const{defaults:r,interceptors:n,create:a}=e??{}
;if(!r||typeof n?.request?.use!=="function"||typeof a!=="function"){const t="Pass axios.create() of axios 1, or of axios 0.22 or later."
;throw f(`client: expected a client of axios, found ${l(e)}`,t)}if(typeof t?.getToken!=="function"||typeof t.baseUrl!=="string"){
const e="Pass the TokenManager of the app: withDaraja(axios.create(), tokens).";throw f(`tokens: expected a TokenManager, found ${l(t)}`,e)}
r.baseURL??=t.baseUrl;const o=p(a);n.request.use(e=>({...e,adapter:r=>w(r,e,o,t)}));return e}function p(e){const t=e()
;for(const e of Object.keys(t.defaults))delete t.defaults[e];t.defaults.headers={};return t}var d=[e=>e];async function w(e,t,r,n){const a=g(e,n.baseUrl)
;const{signal:o}=e;const s=async n=>{const a=await r.request({...e,adapter:t.adapter,headers:{...b(e.headers),Authorization:`Bearer ${n}`},auth:void 0,
maxRedirects:0,fetchOptions:{...e.fetchOptions,redirect:"manual"},transformRequest:d,transformResponse:d}).then(e=>({answer:e,failure:void 0}),e=>({
answer:e?.response,failure:e}));y(a.answer,e);y(a.failure,e);return a};const{accessToken:i}=await n.getToken(o&&{signal:o});const u=await s(i)
;const f=a.pathname;if(u.answer&&u.answer.status<300)n.accepted(i,{endpoint:f});if(!u.answer||!await v(u.answer))return h(u);const l=n.report(i,{endpoint:f})
;let p;try{({accessToken:p}=await j(l,o))}catch(e){if(u.failure&&e instanceof c.DarajaError)Object.defineProperty(u.failure,"cause",{value:e});return h(u)}
if(m(e.data))return h(u);return h(await s(p))}function h({answer:e,failure:t}){if(t||!e)throw t;return e}function y(e,t){if(!e?.config)return;e.config=t
;if(e.request)Object.defineProperty(e,"request",{value:e.request,enumerable:false})}function b(e){
return Object.fromEntries(Object.entries(e??{}).filter(([e])=>e.toLowerCase()!=="authorization"))}async function v({status:e,data:t}){
const r=typeof t==="string"||t instanceof ArrayBuffer||ArrayBuffer.isView(t);if(!(e>=400&&e<=599)||!r)return false;return(0,c.isTokenRejected)(new Response(t,{
status:e}))}function g({url:e="",baseURL:t="",allowAbsoluteUrls:r=true},n){const a=/^([a-z][a-z\d+\-.]*:)?\/\//i.test(e)&&r
;const o=a||!t?e:`${t.replace(/\/+$/,"")}/${e.replace(/^\/+/,"")}`;let s;try{const e=new URL(o);s=e.origin
;if(s===new URL(n).origin&&e.protocol===new URL(n).protocol)return e}catch{}
const i="The token goes to the environment's host, or to baseUrl, only. Use another client of axios for others.";const c=s===void 0?"no URL":"another origin"
;throw f(`url: expected one of the environment's origin, found ${c}`,i)}async function j(e,t){if(!t)return e;let r;const n=new Promise((e,n)=>{r=()=>n(t.reason)
;t.addEventListener("abort",r);if(t.aborted)r()});try{return await Promise.race([e,n])}finally{e.catch(()=>{});if(r)t.removeEventListener("abort",r)}}
function m(e){const t=e;return["getReader","pipe",Symbol.asyncIterator].some(e=>typeof t?.[e]==="function")}0&&(module.exports={withDaraja});