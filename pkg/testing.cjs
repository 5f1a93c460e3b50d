"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var a=Object.getOwnPropertyNames;var r=Object.prototype.hasOwnProperty
;var o=(t,a)=>{for(var r of Object.keys(a))e(t,r,{get:a[r],enumerable:true})};var n=(o,n,s,i)=>{if(n&&typeof n==="object"||typeof n==="function"){
for(let c of a(n))if(!r.call(o,c)&&c!==s)e(o,c,{get:()=>n[c],enumerable:!(i=t(n,c))||i.enumerable})}return o};var s=t=>n(e({},"__esModule",{value:true}),t)
;var i={};o(i,{storeConformance:()=>storeConformance});module.exports=s(i);var c=require("daraja-auth");function l(e,t){return new c.DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function w(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}function u(e,t){const a=e;return t.split(" ").every(e=>typeof a?.[e]==="function")}var f=6e4;var h=200
;var d=class extends Error{};function p(){const e=crypto.getRandomValues(new Uint8Array(16));return Array.from(e,e=>e.toString(16).padStart(2,"0")).join("")}
var y=e=>({version:p(),value:e});async function v(e,t){const a=await e.load(t);if(a===null||typeof a!=="object"||a.record===void 0){
throw A("load","{ record, now? }",a)}const{record:r}=a;return r===null?null:{version:r.version,value:r.value}}async function m(e,t,a,r,o=f){
const n=await e.compareAndSwap(t,a,r,{ttlMs:o});if(typeof n?.swapped!=="boolean")throw A("compareAndSwap","{ swapped, now? }",n);return n.swapped}
async function k(e,t,a,r,o){const n=`swapped, from version ${a}`;S(await m(e,t,a,r,o),true,n)}async function b(e,t,a,r){
S(await m(e,t,a,r),false,`swapped, from version ${a}`)}async function g(e,t,a,r){const o=Array.from({length:h},(e,t)=>y(`value ${t}`))
;const n=await Promise.all(o.map((o,n)=>m((n%2===0?a:r).store,e,t,o)));const s=o.filter((e,t)=>n[t]);S(s.length,1,"the number of winners")
;for(const{store:t}of[a,r])S(await v(t,e),s[0],"the record")}async function $(e){try{return{value:await e()}}catch(e){if(e instanceof d)throw e;return{
error:e??new Error("rejected with nothing")}}}function S(e,t,a){if(JSON.stringify(e)!==JSON.stringify(t))throw A(a,JSON.stringify(t),e)}function A(e,t,a){
const r=e=>e!==void 0&&e.length>300?`${e.slice(0,300)}… (${e.length} characters)`:e;return new Error(`${e}: expected ${r(t)}, found ${r(JSON.stringify(a))}`)}
var O=300;var j=1e4;var x=[""," \t\r\n ",`'"\\\`$1 %s {"a":"b"}`,"null","12345678901234567890","ZüRiCh é é 中文 ال \ufeff\u2028�","😀👨‍👩"]
;var N=["a\0b","half \ud83d pair"];var M=["",":","/",":a/b","/a:b",":a:b","%3Aa%2Fb","/../a",":A/b"," a","*",`:${"a".repeat(200)}`];var P={
async"a key that was never written has no record"({key:e,ours:{store:t}}){S(await v(t,e),null,"the record")},
async"another instance loads a record, and can replace it"({key:e,ours:t,theirs:a}){const r=y("first");const o=y("second");await k(t.store,e,null,r)
;S(await v(a.store,e),r,"the record");await k(a.store,e,r.version,o);S(await v(t.store,e),o,"the record")},
async"200 concurrent creates have one winner"({key:e,ours:t,theirs:a}){await g(e,null,t,a)},
async"200 concurrent swaps from the same version have one winner"({key:e,ours:t,theirs:a}){const r=y("first");await k(t.store,e,null,r);await g(e,r.version,t,a)
},async"a swap that expects no record fails if there is one"({key:e,ours:{store:t}}){const a=y("first");await k(t,e,null,a);await b(t,e,null,y("second"))
;S(await v(t,e),a,"the record")},async"a swap that expects a version fails if there is no record"({key:e,ours:{store:t}}){await b(t,e,p(),y("first"))
;S(await v(t,e),null,"the record")},async"a swap that expects an old version fails"({key:e,ours:t,theirs:a}){const[r,o]=[y("first"),y("second")]
;await k(t.store,e,null,r);await k(a.store,e,r.version,o);await b(t.store,e,r.version,y("third"));S(await v(a.store,e),o,"the record")},
async"a version is the caller's, and never counts again after the next swap"({key:e,ours:{store:t}}){const a=[];let r=null;for(const o of["a","b","a","b"]){
const n=y(o);await k(t,e,r,n);S(await v(t,e),n,"the record");for(const r of a)await b(t,e,r,y("from the past"));a.push(n.version);r=n.version}},
async"an expired record counts as none"({key:e,ours:t,theirs:a,eventually:r}){const o=y("first");await k(t.store,e,null,o,O)
;await r("the record expires",async()=>await v(a.store,e)===null);await b(t.store,e,o.version,y("second"));const n=y("third");await k(a.store,e,null,n)
;await b(t.store,e,o.version,y("fourth"));S(await v(t.store,e),n,"the record")},
async"each swap sets the time to live again"({key:e,ours:{store:t},eventually:a}){const[r,o]=[y("first"),y("second")];let n=10*O;let s;for(;;){s=`${e}:${n}`
;await k(t,s,null,r,n);const{error:a}=await $(()=>k(t,s,r.version,o));if(!a)break;if(n>j)throw a;n*=2}await k(t,e,null,y("other"),n)
;await a("the other record expires",async()=>await v(t,e)===null);S(await v(t,s),o,"the record");await k(t,s,o.version,y("third"),O)
;await a("the record expires",async()=>await v(t,s)===null)},async"a large value comes back unchanged"({key:e,ours:t,theirs:a}){
const r=y(`{"token":"${"aé€".repeat(10922)}"}`);await k(t.store,e,null,r);S(await v(a.store,e),r,"the record")},
async"a strange value comes back unchanged"({key:e,ours:t,theirs:a}){let r=null;for(const o of x){const n=y(o);await k(t.store,e,r,n)
;S(await v(a.store,e),n,"the record");r=n.version}},async"a value that the engine cannot store is an error, and is not changed"({key:e,ours:t,theirs:a}){
for(const[r,o]of N.entries()){const n=y(o);const s=await $(()=>t.store.compareAndSwap(`${e}:${r}`,null,n,{ttlMs:f}))
;S(await v(a.store,`${e}:${r}`),s.error?null:n,"the record")}},async"keys with colons and slashes do not collide"({key:e,ours:t,theirs:a}){
const r=M.map(t=>[`${e}${t}`,y(`the value of "${t}"`)]);for(const[e,a]of r)await k(t.store,e,null,a)
;for(const[e,t]of r)S(await v(a.store,e),t,`the record of ${e}`)},async"a load never sees half a swap"({key:e,ours:t,theirs:a}){let r=y("")
;await k(t.store,e,null,r);const o=[];for(let n=0;n<30;n++){const n=p();o.push(...[t,a,a].map(({store:t})=>v(t,e)));const s={version:n,value:n.repeat(100)}
;await k(t.store,e,r.version,s);r=s}for(const e of await Promise.all(o)){if(e?.value==="")continue
;S(e?.value,e?.version.repeat(100),"the value of this version")}},async"each answer has the store's clock, which never goes backwards"({key:e,ours:{store:t}}){
const a=y("first");const r=[await t.load(e),await t.compareAndSwap(e,p(),y("lost"),{ttlMs:f}),await t.compareAndSwap(e,null,a,{ttlMs:f
}),await t.load(e),await t.compareAndSwap(e,null,y("lost"),{ttlMs:f}),await t.compareAndSwap(e,a.version,y("second"),{ttlMs:f})];const o=r.map(({now:e})=>e)
;if(o.every(e=>e===void 0))return"the store has no clock";if(!o.every(e=>Number.isFinite(e)))throw A("now","a number in each answer",o)
;const n=o.some((e,t)=>t>0&&Number(e)<Number(o[t-1]));if(n)throw A("now","never less than before",o)},
async"a watch wakes at the swap of another instance, until it is ended"({key:e,ours:t,theirs:a,eventually:r}){
if(typeof t.store.watch!=="function")return"the store has no watch";let o=null;const n=async()=>{const t=y("swapped");await k(a.store,e,o,t);o=t.version}
;await n();let s=0;const i=t.store.watch(e,()=>s++);const c=e=>async()=>{if(e()===0)await n();return e()>0};await r("the watch wakes",c(()=>s));i();const l=s
;let w=0;const u=t.store.watch(e,()=>w++);await r("the next watch wakes",c(()=>w));u();u();S(s,l,"the wakes of a watch that was ended")},
async"after a lost reply, a swap gives the true result or an error"({key:e,ours:t,theirs:a}){if(!t.loseReply)return"makeStore gives no loseReply"
;const[r,o]=[y("first"),y("second")];await k(t.store,e,null,r);await t.loseReply();const{error:n,value:s}=await $(()=>t.store.compareAndSwap(e,r.version,o,{
ttlMs:f}));const i=await v(a.store,e);if(!n)S(s?.swapped,i?.version===o.version,"swapped");if(![r,o].some(({version:e})=>e===i?.version)){
throw A("the record",`${JSON.stringify(r)} or ${JSON.stringify(o)}`,i)}},async"on a dead connection, a load and a swap give an error"({key:e,ours:t}){
if(!t.cut)return"makeStore gives no cut";const a=y("first");await k(t.store,e,null,a);await t.cut();const r=await $(()=>t.store.load(e))
;if(!r.error)throw A("load, cut off","an error",r.value);const o=await $(()=>t.store.compareAndSwap(e,a.version,y("second"),{ttlMs:f}))
;if(!o.error)throw A("compareAndSwap, cut off","an error",o.value)}};function storeConformance(e,t={}){const{patienceMs:a=3e4}=t;if(typeof e!=="function"){
throw l(`makeStore: expected a function that makes a store, found ${w(e)}`,"storeConformance(() => store) is enough. It is better if each call makes a store with a client of its own.")
}return Object.entries(P).map(([t,r])=>({name:t,run:async(...[t])=>{const o=`daraja-auth:conformance:${p()}`;const n=[];const s=async()=>{const t=await e()
;const r=u(t,"compareAndSwap")?{store:t}:t;n.push(r);return{...r,store:R(r.store,a)}};try{const e=await s();const n=await s();const i=await r({key:o,ours:e,
theirs:n,eventually:(e,t)=>J(a,e,t)});if(typeof i==="string")t?.skip?.(i)}finally{for(const{close:e}of n)await(e?.())}}}))}function R(e,t){const a=async(e,a)=>{
let r;const o=new Promise((a,o)=>{r=setTimeout(()=>o(new d(`${e} did not settle within ${t} ms`)),t)});try{return await Promise.race([a(),o])}finally{
clearTimeout(r)}};const{watch:r}=e;return{load:(...t)=>a("load",()=>e.load(...t)),compareAndSwap:(...t)=>a("compareAndSwap",()=>e.compareAndSwap(...t)),...r&&{
watch:(...t)=>r.apply(e,t)}}}async function J(e,t,a){for(let t=0;t<e/20;t++){if(await a())return;await new Promise(e=>setTimeout(e,20))}
throw new Error(`${t}: expected within ${e} ms, found that it did not happen`)}0&&(module.exports={storeConformance});