"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var a=Object.prototype.hasOwnProperty
;var o=(t,r)=>{for(var a of Object.keys(r))e(t,a,{get:r[a],enumerable:true})};var n=(o,n,s,c)=>{if(n&&typeof n==="object"||typeof n==="function"){
for(let i of r(n))if(!a.call(o,i)&&i!==s)e(o,i,{get:()=>n[i],enumerable:!(c=t(n,i))||c.enumerable})}return o};var s=t=>n(e({},"__esModule",{value:true}),t)
;var c={};o(c,{DarajaTokenObject:()=>DarajaTokenObject,durableObjectStore:()=>durableObjectStore});module.exports=s(c);var i=require("daraja-auth")
;function u(e,t){return new i.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function l(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}function p(e,t){const r=e;return t.split(" ").every(e=>typeof r?.[e]==="function")}
var DarajaTokenObject=class{#e;constructor(e,t){this.#e=e.storage}async fetch(e){const{expected:t,next:r,ttlMs:a}=await e.json();const o=Date.now()
;const n=await this.#e.get("record");const s=n&&n.expiresAt>o?{version:n.version,value:n.value}:null;if(!r)return Response.json({record:s,now:o})
;const c=s?.version===r.version||(s?.version??null)===t;if(c)await this.#e.put("record",{...r,expiresAt:o+a});return Response.json({swapped:c,now:o})}}
;function durableObjectStore(e){if(!p(e,"idFromName get")){
throw u(`namespace: expected a Durable Object namespace, found ${p(e,"getWithMetadata")?"a KV namespace":l(e)}`,"Pass the binding itself, env.DARAJA_TOKENS, whose class is DarajaTokenObject.")
}const t=e;async function r(e,r){const a=t.get(t.idFromName(e));const o=await a.fetch("https://daraja-auth/",{method:"POST",body:JSON.stringify(r)})
;if(!o.ok)throw new Error(`the Durable Object answered HTTP ${o.status}`);return o.json()}return{load:e=>r(e,{}),
compareAndSwap:(e,t,{version:a,value:o},{ttlMs:n})=>r(e,{expected:t,next:{version:a,value:o},ttlMs:n})}}0&&(module.exports={DarajaTokenObject,durableObjectStore
});