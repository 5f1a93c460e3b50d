"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var s=Object.getOwnPropertyNames;var o=Object.prototype.hasOwnProperty
;var r=(t,s)=>{for(var o of Object.keys(s))e(t,o,{get:s[o],enumerable:true})};var n=(r,n,i,a)=>{if(n&&typeof n==="object"||typeof n==="function"){
for(let l of s(n))if(!o.call(r,l)&&l!==i)e(r,l,{get:()=>n[l],enumerable:!(a=t(n,l))||a.enumerable})}return r};var i=t=>n(e({},"__esModule",{value:true}),t)
;var a={};r(a,{TokenPool:()=>TokenPool});module.exports=i(a);var l=require("daraja-auth");var h=e=>Object.getPrototypeOf(e)===Object.prototype?{__proto__:null,
...e}:e;var u=require("daraja-auth");function c(e,t){return new u.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function f(e){
if(e===null||e===void 0)return String(e);return typeof e==="object"?"an object":`a ${typeof e}`}var p=100;var d=Symbol.asyncDispose??Symbol()
;var TokenPool=class{static name="TokenPool";#e;#t;#s=new Map;#o=new Set;#r=new Map;#n=0;#i=0;#a=false;#l=()=>{};constructor(e){
const{app:t,maxIdle:s=p}=h(e??{});if(typeof t!=="function"){throw c(`app: expected a function, found ${f(t)}`,"It gives the options of an app's manager.")}
if(!(Number.isInteger(s)&&s>=0)){const e=typeof s==="number"?"another number":f(s)
;throw c(`maxIdle: expected a whole number, 0 or more, found ${e}`,"The default is 100.")}this.#e=t;this.#t=s}async use(e,t){const s=await this.#h(e);try{
return await t(s.tokens)}finally{this.#u(e,s)}}getToken(e,t){return this.use(e,e=>e.getToken(t))}fetch(e,t,s){return this.use(e,e=>e.fetch(t,s))}forget(e){
this.#i++;const t=this.#s.get(e);this.#s.delete(e);if(this.#r.delete(e))t?.tokens.close();else if(t)this.#o.add(t)}close(){this.#a=true
;for(const{tokens:e}of[...this.#s.values(),...this.#o])e.close();this.#s.clear();this.#r.clear()}async[d](){this.#a=true;if(this.#n>0){await new Promise(e=>{
this.#l=e})}this.close()}async#h(e){if(typeof e!=="string"||e===""){const t=e===""?"an empty one":f(e)
;throw c(`id: expected a text that names an app, found ${t}`,"The function app is called with it.")}const t=this.#s.get(e)??await this.#c(e)
;if(this.#a)throw y();this.#s.set(e,t);this.#r.delete(e);t.users++;this.#n++;return t}async#c(e){for(;;){if(this.#a)throw y();const t=this.#i
;const s=await this.#e(e);const o=this.#s.get(e);if(o)return o;if(t===this.#i&&!this.#a){const t={tokens:new l.TokenManager(s),users:0};this.#s.set(e,t)
;return t}}}#u(e,t){t.users--;this.#n--;if(t.users===0){if(this.#s.get(e)===t)this.#r.set(e,t);else t.tokens.close();this.#o.delete(t)}
for(const[e,{tokens:t}]of this.#r){if(this.#r.size<=this.#t)break;this.#r.delete(e);this.#s.delete(e);t.close()}if(this.#n===0)this.#l()}};function y(){
const e="Make a TokenPool when your program starts, and close it when it ends.";return new l.DarajaError("the pool was closed",{code:"ERR_DARAJA_CLOSED",
retryable:false,hint:e})}0&&(module.exports={TokenPool});