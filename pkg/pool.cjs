"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var s=Object.getOwnPropertyNames;var o=Object.prototype.hasOwnProperty
;var r=(t,s)=>{for(var o in s)e(t,o,{get:s[o],enumerable:true})};var n=(r,n,i,a)=>{if(n&&typeof n==="object"||typeof n==="function"){
for(let l of s(n))if(!o.call(r,l)&&l!==i)e(r,l,{get:()=>n[l],enumerable:!(a=t(n,l))||a.enumerable})}return r};var i=t=>n(e({},"__esModule",{value:true}),t)
;var a={};r(a,{TokenPool:()=>d});module.exports=i(a);var l=require("daraja-auth");var h=require("daraja-auth");function u(e,t){return new h.DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function c(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}var f=100;var p=Symbol.asyncDispose??Symbol();var d=class{static name="TokenPool";#e;#t;#s=new Map
;#o=new Map;#r=0;#n=0;#i=false;#a=()=>{};constructor(e){const{app:t,maxIdle:s=f}=e??{};if(typeof t!=="function"){
throw u(`app: expected a function, found ${c(t)}`,"It gives the options of an app's manager.")}if(!(Number.isInteger(s)&&s>=0)){
const e=typeof s==="number"?"another number":c(s);throw u(`maxIdle: expected a whole number, 0 or more, found ${e}`,"The default is 100.")}this.#e=t;this.#t=s}
async use(e,t){const s=await this.#l(e);try{return await t(s.tokens)}finally{this.#h(e,s)}}getToken(e,t){return this.use(e,e=>e.getToken(t))}fetch(e,t,s){
return this.use(e,e=>e.fetch(t,s))}forget(e){this.#n++;const t=this.#s.get(e);this.#s.delete(e);if(this.#o.delete(e))t?.tokens.close()}close(){this.#i=true
;for(const{tokens:e}of this.#s.values())e.close();this.#s.clear();this.#o.clear()}async[p](){this.#i=true;if(this.#r>0){await new Promise(e=>{this.#a=e})}
this.close()}async#l(e){if(typeof e!=="string"||e===""){const t=e===""?"an empty one":c(e)
;throw u(`id: expected a text that names an app, found ${t}`,"The function app is called with it.")}const t=this.#s.get(e)??await this.#u(e)
;if(this.#i)throw m();this.#s.set(e,t);this.#o.delete(e);t.users++;this.#r++;return t}async#u(e){for(;;){if(this.#i)throw m();const t=this.#n
;const s=await this.#e(e);const o=this.#s.get(e);if(o)return o;if(t===this.#n&&!this.#i){const t={tokens:new l.TokenManager(s),users:0};this.#s.set(e,t)
;return t}}}#h(e,t){t.users--;this.#r--;if(t.users===0){if(this.#s.get(e)===t)this.#o.set(e,t);else t.tokens.close()}for(const[e,{tokens:t}]of this.#o){
if(this.#o.size<=this.#t)break;this.#o.delete(e);this.#s.delete(e);t.close()}if(this.#r===0)this.#a()}};function m(){
const e="Make a TokenPool when your program starts, and close it when it ends.";return new l.DarajaError("the pool was closed",{code:"ERR_DARAJA_CLOSED",
retryable:false,hint:e})}0&&(module.exports={TokenPool:d});