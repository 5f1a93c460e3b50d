"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var n=Object.getOwnPropertyNames;var r=Object.prototype.hasOwnProperty
;var a=(t,n)=>{for(var r of Object.keys(n))e(t,r,{get:n[r],enumerable:true})};var o=(a,o,i,s)=>{if(o&&typeof o==="object"||typeof o==="function"){
for(let c of n(o))if(!r.call(a,c)&&c!==i)e(a,c,{get:()=>o[c],enumerable:!(s=t(o,c))||s.enumerable})}return a};var i=t=>o(e({},"__esModule",{value:true}),t)
;var s={};a(s,{Simulator:()=>Simulator});module.exports=i(s);var c=1e3;var u=class{#e;#t;#n;#r=[];constructor({clock:e,send:t,onCallback:n}){this.#e=e
;this.#t=t??l;this.#n=n}get sent(){return Object.freeze([...this.#r])}async deliver({url:e,body:t,delay:n}){await this.#e.wait(n);const r=this.#e.now()
;const a={"content-type":"application/json"};let o;try{const{status:n}=await this.#t(e,{method:"POST",headers:a,body:t,redirect:"manual"});o={status:n}
}catch(e){o={failure:_(e)}}const i=Object.freeze({at:r,url:e,body:t,...o});this.#r.push(i);if(this.#r.length>c)this.#r.shift()
;new Promise(e=>e(this.#n?.(i))).catch(()=>{})}};async function l(e,t){const{hostname:n}=new URL(e);if(!f(n)){
throw new Error(`not sent: ${n} is not this machine. To send it, pass the option sendCallback: fetch`)}const r=await fetch(e,t);await(r.body?.cancel());return r
}function f(e){return e==="localhost"||e==="[::1]"||/^127(\.\d+){3}$/.test(e)}function _(e){const{message:t,cause:n}=Object(e)===e?e:{}
;return String(n?.code??t??e)}var d=65536;var b=32;function h(e,t){let n=e;for(let r=0;r<b;r++){if(Object.hasOwn(n,t))return e[t];n=Object.getPrototypeOf(n)
;if(n===null||Object.getPrototypeOf(n)===null)return void 0}return void 0}var w=Symbol("unreadable");function g(e,t){try{const n=h(e,t);if(n===w)throw void 0
;const r=y(n);const a=t==="baseUrl"&&r==="a string"&&!URL.canParse(n);return{kind:a?"a string that is no URL":r,value:n}}catch{return{
kind:"a property that throws when it is read",value:void 0}}}function y(e){if(e===null)return"null";if(e===void 0)return"undefined";switch(typeof e){
case"string":if(e.length>d)return"a string of over 65536 characters";return e.isWellFormed?.()===false?"a string with half a surrogate pair":"a string"
;case"object":return p(e)?"an AbortSignal":"an object";default:return`a ${typeof e}`}}function p(e){const{aborted:t,addEventListener:n,removeEventListener:r}=e
;return typeof t==="boolean"&&typeof n==="function"&&typeof r==="function"}async function m(e,t){const n=Object(e)===e&&typeof h(e,"url")==="string"
;const r=n?e:Object.create(null);const a=e=>h(t??{},e)??h(r,e)??void 0;const o=new URL(n?r.url:e);const i=(a("method")??"GET").toUpperCase()
;const s=new Headers(a("headers"));const c=a("signal");const u=h(t??{},"body")??(h(r,"body")?r:void 0)
;if(u!==void 0&&["GET","HEAD"].includes(i))throw new TypeError(`a ${i} request has no body`);const l=u===void 0?"":await j(v(u),c);return{url:o,method:i,
headers:s,body:l,signal:c}}async function v(e){if(typeof e==="string")return e;const t=h(e,"text")
;return typeof t==="function"?t.call(e):new Response(e,Object.create(null)).text()}async function j(e,t){let n=()=>{};const r=new Promise((e,r)=>{
n=()=>r(t?.reason);if(t?.aborted)n();else t?.addEventListener("abort",n)});try{return await Promise.race([r,e])}finally{t?.removeEventListener("abort",n)}}
var O=/authorization|cookie|api-?key|secret|token|password/;function k(e){
const t=([e,t])=>[e,O.test(e)?t.replace(/^((?:basic|bearer) )?.*$/is,"$1[redacted]"):t];return Object.fromEntries([...e].map(t))}
function A({status:e,headers:t,body:n,ending:r},a){const o=[...t,["date",new Date(a).toUTCString()]];const i=Object.assign(Object.create(null),{status:e,
headers:o});const s=(new TextEncoder).encode(n);if(r==="cut")return new Response(E(s),i);return new Response(s.length===0?null:I(s),i)}function I(e){
const t=Object.create(null);t.start=t=>{t.enqueue(e);t.close()};return new ReadableStream(t)}function E(e){let t=false;return new ReadableStream({pull(n){
if(t||e.length===0)return n.error(new TypeError("the simulator cut the connection"));t=true;n.enqueue(e)}})}var x=require("./index.cjs")
;var R="The typings of daraja-auth/simulator say what each option is.";function S(e,t=R){return new x.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",
retryable:false,hint:t})}function T(e){try{return e()}catch(e){if(e instanceof x.DarajaError)throw e;const{message:t,hint:n}=e;throw S(t,n)}}function N(e,t){
let n;try{n=D(t)?Object.entries(t):void 0}catch{throw S(`${e}: expected plain data, found a property that throws when it is read`)}
if(!n)throw S(`${e}: expected a plain object, found ${C(t)}`);const r=n.filter(([,e])=>e!==void 0);const a=r.map(([e,t])=>[e,$(t)?P:t])
;return Object.assign(Object.create(null),Object.fromEntries(a))}function q(e,t){if(t===void 0||typeof t==="function")return
;throw S(`${e}: expected a function, found ${C(t)}`)}var P=-.5;var $=e=>typeof e==="number"&&!Number.isFinite(e);function D(e){
if(e===null||typeof e!=="object")return false;const t=Object.getPrototypeOf(e);return t===null||Object.getPrototypeOf(t)===null}function C(e){
if(e===void 0)return"nothing";if(e===null)return"null";if(Array.isArray(e))return"an array";if(typeof e!=="object")return`a ${typeof e}`
;return D(e)?"an object":"an instance of a class"}var F=class{#a;#o=0;#i=new Set;constructor(e){this.#a=e}now(){const e=this.#a?this.#a():Date.now()
;if(!(e>=0))throw S("now: expected a function that gives milliseconds since the epoch");return Math.trunc(e+this.#o)}advance(e){
if(typeof e!=="number"||!(e>=0&&e<Number.MAX_SAFE_INTEGER)){throw S("ms: expected a number of milliseconds, not negative")}this.#o+=e
;for(const e of this.#i)this.#s(e)}async wait(e,t){let n=()=>{};const r=new Promise(e=>{n=e});const a={until:this.now()+e,release:n,timer:void 0};this.#i.add(a)
;this.#s(a);try{await j(r,t)}finally{clearTimeout(a.timer);this.#i.delete(a)}}#s(e){clearTimeout(e.timer);const t=e.until-this.now()
;if(t<=0)e.release();else if(t!==Number.POSITIVE_INFINITY)e.timer=setTimeout(e.release,t)}};function U(e){let t;(()=>{function e(e,t,n){let r=_e.answer(e,t,n)
;if(r[2])throw oe(r[1]);return oe(r[0])}function n(e){let t=_e.clearFaults(e);if(t[2])throw oe(t[1]);return oe(t[0])}function r(e,t){let n=_e.inject(e,t)
;if(n[2])throw oe(n[1]);return oe(n[0])}function a(e,t){let n=_e.setStkResult(e,t);if(n[2])throw oe(n[1]);return oe(n[0])}function o(e){let t=_e.start(e)
;if(t[2])throw oe(t[1]);return oe(t[0])}function i(e,t){return Error(Z(e,t))}function s(e){return Number(e)}function c(e,t){
let n=t,r=typeof n=="bigint"?n:void 0;Q().setBigInt64((e>>>0)+8,re(r)?BigInt(0):r,true),Q().setInt32((e>>>0)+0,!re(r),true)}function u(e){
let t=e,n=typeof t=="boolean"?t:void 0;return re(n)?16777215:n?1:0}function l(e,t){let n=Y(t),r=ae(n,_e.__wbindgen_malloc,_e.__wbindgen_realloc),a=fe
;Q().setInt32((e>>>0)+4,a,true),Q().setInt32((e>>>0)+0,r,true)}function f(e,t){return e in t}function _(e){return typeof e=="bigint"}function d(e){
return typeof e=="function"}function b(e){let t=e;return typeof t=="object"&&t!==null}function h(e,t){return e===t}function w(e,t){return e==t}function g(e,t){
let n=t,r=typeof n=="number"?n:void 0;Q().setFloat64((e>>>0)+8,re(r)?0:r,true),Q().setInt32((e>>>0)+0,!re(r),true)}function y(e,t){
let n=t,r=typeof n=="string"?n:void 0;var a=re(r)?0:ae(r,_e.__wbindgen_malloc,_e.__wbindgen_realloc),o=fe;Q().setInt32((e>>>0)+4,o,true),
Q().setInt32((e>>>0)+0,a,true)}function p(e,t){throw new Error(Z(e,t))}function m(){return ne(function(e,t){return e.call(t)},arguments)}function v(e){
return e.done}function j(e){return Object.entries(e)}function O(){return ne(function(e,t){return Reflect.get(e,t)},arguments)}function k(e,t){return e[t>>>0]}
function A(e,t){return e[t>>>0]}function I(e){let t;try{t=e instanceof ArrayBuffer}catch{t=false}return t}function E(e){let t;try{t=e instanceof Map}catch{
t=false}return t}function x(e){let t;try{t=e instanceof Uint8Array}catch{t=false}return t}function R(e){return Array.isArray(e)}function S(e){
return Number.isSafeInteger(e)}function T(){return Symbol.iterator}function N(e){return e.length}function q(e){return e.length}function P(e){
return new Uint8Array(e)}function $(){return new Array}function D(){return new Object}function C(e){return e.next}function F(){return ne(function(e){
return e.next()},arguments)}function U(e,t,n){Uint8Array.prototype.set.call(X(e,t),n)}function L(e,t,n){e[t>>>0]=n}function M(e,t,n){e[t]=n}function z(e){
return e.value}function B(e){return e}function W(e){return e}function J(e,t){return Z(e,t)}function V(e){return BigInt.asUintN(64,e)}function G(){
let e=_e.__wbindgen_externrefs;e.set(0,void 0),e.set(1024,void 0),e.set(1025,null),e.set(1026,true),e.set(1027,false)}function H(e){
let t=_e.__externref_table_alloc();return _e.__wbindgen_externrefs.set(t,e),t}function Y(e){switch(typeof e){case"number":case"boolean":case"undefined":
return`${e}`;case"string":return JSON.stringify(e);case"bigint":return`${e}n`;case"symbol":return e.description!==void 0?`Symbol(${e.description})`:"Symbol"
;case"function":return typeof e.name=="string"&&e.name!==""?`Function(${e.name})`:"Function";case"object":{if(e===null)return"null"
;if(Array.isArray(e))return"["+Array.from(e,Y).join(", ")+"]";if(e instanceof Error)return`${e.name}: ${e.message}\n${e.stack}`
;let t=toString.call(e),n=/\[object ([^\]]+)\]/.exec(t)?.[1];if(n===void 0)return t;if(n==="Object")try{return"Object("+JSON.stringify(e)+")"}catch{
return"Object"}return n}}}function X(e,t){return e=e>>>0,te().subarray(e/1,e/1+t)}var K=null;function Q(){
return(K===null||K.buffer!==_e.memory.buffer)&&(K=new DataView(_e.memory.buffer)),K}function Z(e,t){return e=e>>>0,ue(te().subarray(e,e+t))}var ee=null
;function te(){return(ee===null||ee.byteLength===0)&&(ee=new Uint8Array(_e.memory.buffer)),ee}function ne(e,t){try{return e.apply(this,t)}catch(e){let t=H(e)
;_e.__wbindgen_exn_store(t)}}function re(e){return e==null}function ae(e,t,n){if(n===void 0){let n=le.encode(e),r=t(n.length,1)>>>0
;return te().subarray(r,r+n.length).set(n),fe=n.length,r}let r=e.length,a=t(r,1)>>>0,o=te(),i=0;for(;i<r;i++){let t=e.charCodeAt(i);if(t>127)break;o[a+i]=t}
if(i!==r){i!==0&&(e=e.slice(i)),a=n(a,r,r=i+e.length*3,1)>>>0;let t=te().subarray(a+i,a+r),o=le.encodeInto(e,t);i+=o.written,a=n(a,r,i,1)>>>0}return fe=i,a}
function oe(e){let t=_e.__wbindgen_externrefs.get(e);return _e.__externref_table_dealloc(e),t}var ie=new TextDecoder("utf-8",{ignoreBOM:true});ie.decode()
;var se=2146435072,ce=0;function ue(e){return ce+=e.length,ce>=se&&(ie=new TextDecoder("utf-8",{ignoreBOM:true}),ie.decode(),ce=e.length),ie.decode(e)}
var le=new TextEncoder;"encodeInto"in le||(le.encodeInto=function(e,t){let n=le.encode(e);return t.set(n),{read:e.length,written:n.length}});var fe=0,_e
;function de(e){_e=e}t={answer:e,clearFaults:n,inject:r,setStkResult:a,start:o,__wbg_Error_208446807d0d1e30:i,__wbg_Number_ff192a72a0dcdf6d:s,
__wbg___wbindgen_bigint_get_as_i64_11da4b52cd0aedef:c,__wbg___wbindgen_boolean_get_4f1baf9a00be3c74:u,__wbg___wbindgen_debug_string_f249a2a76caa9a55:l,
__wbg___wbindgen_in_3f58a9d3b3a7eed2:f,__wbg___wbindgen_is_bigint_5fa10641e039d3ef:_,__wbg___wbindgen_is_function_741ff2bb612836f5:d,
__wbg___wbindgen_is_object_8b968c3ab8e96595:b,__wbg___wbindgen_jsval_eq_38d7bfbe4cc84039:h,__wbg___wbindgen_jsval_loose_eq_b2f214e2e4b30e36:w,
__wbg___wbindgen_number_get_934b640d0889af78:g,__wbg___wbindgen_string_get_7ce8eee7fd327545:y,__wbg___wbindgen_throw_4c88d8bf264fd984:p,
__wbg_call_40b008ba32f73991:m,__wbg_done_57e08d0be6e30c02:v,__wbg_entries_7bb1459bd9b5c2b9:j,__wbg_get_635eea311fa1a291:O,__wbg_get_d7176cfb76d71114:k,
__wbg_get_unchecked_e6325ad374eff861:A,__wbg_instanceof_ArrayBuffer_12cdaa4161423e6b:I,__wbg_instanceof_Map_0b4fc8b62e73f163:E,
__wbg_instanceof_Uint8Array_d7aeb0dcb3108fea:x,__wbg_isArray_bcf1376d0d732d08:R,__wbg_isSafeInteger_1a35ba4d31e71d38:S,__wbg_iterator_e4c5e8f68ada7b58:T,
__wbg_length_186163212ffe79c3:N,__wbg_length_b03a0fabb109b1e9:q,__wbg_new_13de428334042d26:P,__wbg_new_37eb45aaf5eeb820:$,__wbg_new_cd4348290afae586:D,
__wbg_next_178c1651c11432b3:C,__wbg_next_af5ac6a08bb0a717:F,__wbg_prototypesetcall_13162965d1fe7aa3:U,__wbg_set_d2d33b52458e984a:L,__wbg_set_e4b9a833d288759a:M,
__wbg_value_e0f328965e184931:z,__wbindgen_generic_0000000000000001:B,__wbindgen_generic_0000000000000002:W,__wbindgen_generic_0000000000000003:J,
__wbindgen_generic_0000000000000004:V,__wbindgen_init_externref_table:G,__wbg_set_wasm:de}})();return t}var L=require("node:fs");var M=require("node:path")
;function z(e){const t=["WebAssembly","TextDecoder","TextEncoder"].find(e=>!(e in globalThis))
;if(t)return`There is no ${t} here. In jest, use @jest-environment node; in Node, no --jitless.`;if(/out of memory|allocate/i.test(g(e??{},"message").value)){
return"WebAssembly gets no memory here. Set NODE_OPTIONS=--disable-wasm-trap-handler."}
return"A page's Content-Security-Policy needs script-src 'wasm-unsafe-eval'. An edge runtime's bundler needs the condition workerd or edge-light. Otherwise report it."
}var B=()=>new WebAssembly.Module((0,L.readFileSync)((0,M.join)(__dirname,"simulator.wasm")));var W=require("./index.cjs");function J(e,t){
return new W.DarajaError(e,{code:"ERR_DARAJA_INTERNAL",retryable:false,hint:z(t),cause:t})}var V;var G;function H(){V??=B();const e=U()
;const{exports:t}=new WebAssembly.Instance(V,{"./simulator_bg.js":e});e.__wbg_set_wasm(t);t.__wbindgen_start();return e}function Y(e,...t){try{G??=H()
;return G[e](...t)}catch(e){if(e?.code==="ERR_DARAJA_INVALID_OPTION")throw e;G=void 0;throw J("daraja-auth/simulator failed inside its WebAssembly module",e)}}
var X=1e4;var K=16e6;var Simulator=class{static name="Simulator";#c;#e;#u;#l;#f=[];#_=0;fetch;constructor(e={}){const t=N("options",e);const n={}
;for(const e of["now","onRequest","sendCallback","onCallback"]){q(e,t[e]);n[e]=t[e];delete t[e]}if(t.apps!==void 0){
if(!Array.isArray(t.apps))throw S(`apps: expected an array, found ${C(t.apps)}`);t.apps=t.apps.map((e,t)=>N(`apps[${t}]`,e))}
const{now:r,onRequest:a,sendCallback:o,onCallback:i}=n;this.#e=new F(r);this.#l=a;this.#u=new u({clock:this.#e,send:o,onCallback:i});this.#c=T(()=>Y("start",t))
;this.fetch=(e,t)=>this.#d(e,t)}get apps(){return Q(structuredClone(this.#c.options.apps))}get requests(){return Object.freeze([...this.#f])}get callbacks(){
return this.#u.sent}now(){return this.#e.now()}advance(e){this.#e.advance(e)}inject(e){this.#c=T(()=>Y("inject",this.#c,N("fault",e)))}clearFaults(){
this.#c=Y("clearFaults",this.#c)}setStkResult(e){this.#c=T(()=>Y("setStkResult",this.#c,e))}async#d(e,t){const n=await m(e,t)
;const{url:r,method:a,headers:o,body:i,signal:s}=n;s?.throwIfAborted();const c=this.now();const{state:u,response:l}=Y("answer",this.#c,c,{method:a,
host:r.hostname,path:r.pathname,grantType:r.searchParams.get("grant_type"),authorization:o.get("authorization"),body:i});this.#c=u;this.#b(c,n,l)
;if(l.callback)this.#u.deliver(l.callback).catch(()=>{})
;if(l.ending==="never")await this.#e.wait(Number.POSITIVE_INFINITY,s);else if(l.delay>0)await this.#e.wait(l.delay,s);return A(l,this.now())}
#b(e,{method:t,url:n,headers:r,body:a},o){const{status:i,outcome:s,app:c,token:u,replaces:l}=o;const f=Q({at:e,method:t,path:n.pathname,
query:Object.fromEntries(n.searchParams),headers:k(r),body:a,status:i,outcome:s,...c!==null&&{app:c},...u!==null&&{token:u},...l!==null&&{replaces:l}})
;this.#f.push(f);this.#_+=Z(f);const _=()=>this.#f.length>X||this.#_>K;while(_()&&this.#f.length>1){const e=this.#f.shift();if(e)this.#_-=Z(e)}
new Promise(e=>e(this.#l?.(f))).catch(()=>{})}};function Q(e){if(typeof e==="object"&&e!==null)Object.values(Object.freeze(e)).forEach(Q);return e}
function Z({path:e,query:t,headers:n,body:r}){const a=[...Object.entries(t),...Object.entries(n)]
;return a.reduce((e,[t,n])=>e+t.length+n.length,e.length+r.length)}0&&(module.exports={Simulator});typeof __dirname==="string"&&__dirname+"/simulator.js";