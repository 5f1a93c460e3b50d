"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var s=Object.getOwnPropertyNames;var o=Object.prototype.hasOwnProperty
;var n=(t,s)=>{for(var o in s)e(t,o,{get:s[o],enumerable:true})};var r=(n,r,i,a)=>{if(r&&typeof r==="object"||typeof r==="function"){
for(let l of s(r))if(!o.call(n,l)&&l!==i)e(n,l,{get:()=>r[l],enumerable:!(a=t(r,l))||a.enumerable})}return n};var i=t=>r(e({},"__esModule",{value:true}),t)
;var a={};n(a,{TokenPool:()=>TokenPool});module.exports=i(a);var l=require("daraja-auth");var h=require("daraja-auth");function u(e,t){
return new h.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function c(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}var f=100;var p=Symbol.asyncDispose??Symbol();var TokenPool=class{static name="TokenPool";#e;#t
;#s=new Map;#o=new Set;#n=new Map;#r=0;#i=0;#a=false;#l=()=>{};constructor(e){const{app:t,maxIdle:s=f}=e??{};if(typeof t!=="function"){
throw u(`app: expected a function, found ${c(t)}`,"It gives the options of an app's manager.")}if(!(Number.isInteger(s)&&s>=0)){
const e=typeof s==="number"?"another number":c(s);throw u(`maxIdle: expected a whole number, 0 or more, found ${e}`,"The default is 100.")}this.#e=t;this.#t=s}
async use(e,t){const s=await this.#h(e);try{return await t(s.tokens)}finally{this.#u(e,s)}}getToken(e,t){return this.use(e,e=>e.getToken(t))}fetch(e,t,s){
return this.use(e,e=>e.fetch(t,s))}forget(e){this.#i++;const t=this.#s.get(e);this.#s.delete(e);if(this.#n.delete(e))t?.tokens.close();else if(t)this.#o.add(t)}
close(){this.#a=true;for(const{tokens:e}of[...this.#s.values(),...this.#o])e.close();this.#s.clear();this.#n.clear()}async[p](){this.#a=true;if(this.#r>0){
await new Promise(e=>{this.#l=e})}this.close()}async#h(e){if(typeof e!=="string"||e===""){const t=e===""?"an empty one":c(e)
;throw u(`id: expected a text that names an app, found ${t}`,"The function app is called with it.")}const t=this.#s.get(e)??await this.#c(e)
;if(this.#a)throw d();this.#s.set(e,t);this.#n.delete(e);t.users++;this.#r++;return t}async#c(e){for(;;){if(this.#a)throw d();const t=this.#i
;const s=await this.#e(e);const o=this.#s.get(e);if(o)return o;if(t===this.#i&&!this.#a){const t={tokens:new l.TokenManager(s),users:0};this.#s.set(e,t)
;return t}}}#u(e,t){t.users--;this.#r--;if(t.users===0){if(this.#s.get(e)===t)this.#n.set(e,t);else t.tokens.close();this.#o.delete(t)}
for(const[e,{tokens:t}]of this.#n){if(this.#n.size<=this.#t)break;this.#n.delete(e);this.#s.delete(e);t.close()}if(this.#r===0)this.#l()}};function d(){
const e="Make a TokenPool when your program starts, and close it when it ends.";return new l.DarajaError("the pool was closed",{code:"ERR_DARAJA_CLOSED",
retryable:false,hint:e})}0&&(module.exports={TokenPool});