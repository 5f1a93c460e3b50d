"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var n=Object.prototype.hasOwnProperty
;var o=(t,r)=>{for(var n of Object.keys(r))e(t,n,{get:r[n],enumerable:true})};var a=(o,a,s,i)=>{if(a&&typeof a==="object"||typeof a==="function"){
for(let c of r(a))if(!n.call(o,c)&&c!==s)e(o,c,{get:()=>a[c],enumerable:!(i=t(a,c))||i.enumerable})}return o};var s=t=>a(e({},"__esModule",{value:true}),t)
;var i={};o(i,{withDaraja:()=>withDaraja});module.exports=s(i);var c=require("daraja-auth");function u(e){const t=e
;return["getReader","pipe",Symbol.asyncIterator].some(e=>typeof t?.[e]==="function")}var f=require("daraja-auth");function l(e,t){return new f.DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function d(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}var p=2147483647;function h(e){try{e()?.then?.(void 0,()=>{})}catch{}}var w=Symbol("aborted")
;var b=Symbol("timeout");function y(e,t,r){let n;let o;return new Promise((a,s)=>{if(t?.aborted)return s(w);if(t)o=g(t,()=>s(w));n=setTimeout(()=>s(b),e)
;r().then(a,s)}).finally(()=>{clearTimeout(n);h(()=>o?.())})}function v(){const e=new Set;const t=()=>{for(const t of e)t()};return{aborts:e,listener:t}}
var m=new WeakMap;function g(e,t){const r=m.get(e);const n=r??v();const{aborts:o,listener:a}=n;o.add(t);if(r===void 0){e.addEventListener("abort",a);m.set(e,n)}
return()=>{o.delete(t);if(o.size>0)return;m.delete(e);e.removeEventListener("abort",a)}}function withDaraja(e,t){const{defaults:r,interceptors:n,create:o}=e??{}
;if(!r||typeof n?.request?.use!=="function"||typeof o!=="function"){const t="Pass axios.create() of axios 1, or of axios 0.22 or later."
;throw l(`client: expected a client of axios, found ${d(e)}`,t)}if(typeof t?.getToken!=="function"||typeof t.baseUrl!=="string"){
const e="Pass the TokenManager of the app: withDaraja(axios.create(), tokens).";throw l(`tokens: expected a TokenManager, found ${d(t)}`,e)}
r.baseURL??=t.baseUrl;const a=j(o);n.request.use(e=>({...e,adapter:r=>R(r,e,a,t)}));return e}function j(e){const t=e()
;for(const e of Object.keys(t.defaults))delete t.defaults[e];t.defaults.headers={};return t}var O=[e=>e];async function R(e,t,r,n){const o=L(e,n.baseUrl)
;const{signal:a}=e;const s=async n=>{const o=await r.request({...e,adapter:t.adapter,headers:{...U(e.headers),Authorization:`Bearer ${n}`},auth:void 0,
maxRedirects:0,fetchOptions:{...e.fetchOptions,redirect:"manual"},transformRequest:O,transformResponse:O}).then(e=>({answer:e,failure:void 0}),e=>({
answer:e?.response,failure:e}));x(o.answer,e);x(o.failure,e);return o};const{accessToken:i}=await n.getToken(a&&{signal:a});const f=await s(i)
;const l=o.pathname;if(f.answer&&f.answer.status<300)n.accepted(i,{endpoint:l});if(!f.answer||!await T(f.answer))return k(f);const d=n.report(i,{endpoint:l})
;d.catch(()=>{});let h;try{({accessToken:h}=await y(p,a,()=>d))}catch(e){if(f.failure&&e instanceof c.DarajaError)Object.defineProperty(f.failure,"cause",{
value:e});return k(f)}if(u(e.data))return k(f);return k(await s(h))}function k({answer:e,failure:t}){if(t||!e)throw t;return e}function x(e,t){
if(!e?.config)return;e.config=t;if(e.request)Object.defineProperty(e,"request",{value:e.request,enumerable:false})}function U(e){
return Object.fromEntries(Object.entries(e??{}).filter(([e])=>e.toLowerCase()!=="authorization"))}async function T({status:e,data:t}){
const r=typeof t==="string"||t instanceof ArrayBuffer||ArrayBuffer.isView(t);if(!(e>=400&&e<=599)||!r)return false;return(0,c.isTokenRejected)(new Response(t,{
status:e}))}function L({url:e="",baseURL:t="",allowAbsoluteUrls:r=true},n){const o=/^([a-z][a-z\d+\-.]*:)?\/\//i.test(e)&&r
;const a=o||!t?e:`${t.replace(/\/+$/,"")}/${e.replace(/^\/+/,"")}`;let s;try{const e=new URL(a);s=e.origin
;if(s===new URL(n).origin&&e.protocol===new URL(n).protocol)return e}catch{}
const i="The token goes to the environment's host, or to baseUrl, only. Use another client of axios for others.";const c=s===void 0?"no URL":"another origin"
;throw l(`url: expected the environment's origin, found ${c}`,i)}0&&(module.exports={withDaraja});