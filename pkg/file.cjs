"use strict";var t=Object.defineProperty;var e=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var a=Object.prototype.hasOwnProperty
;var n=(e,r)=>{for(var a of Object.keys(r))t(e,a,{get:r[a],enumerable:true})};var o=(n,o,i,s)=>{if(o&&typeof o==="object"||typeof o==="function"){
for(let c of r(o))if(!a.call(n,c)&&c!==i)t(n,c,{get:()=>o[c],enumerable:!(s=e(o,c))||s.enumerable})}return n};var i=e=>o(t({},"__esModule",{value:true}),e)
;var s={};n(s,{fileStore:()=>fileStore});module.exports=i(s);var c=require("node:crypto");var u=require("node:fs");var l=require("node:fs/promises")
;var f=require("node:path");var w=require("daraja-auth");function d(t,e){return new w.DarajaError(t,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:e})}
function h(t){if(t===null||t===void 0)return String(t);return typeof t==="object"?"an object":`a ${typeof t}`}var v=/^[\w-]{1,128}$/;var p=36e5;var m=1e3
;var y=1048576;var j=1e4;function fileStore(t){if(typeof t!=="string"||t===""||t.includes("\0")){const e=t===""?"an empty string":h(t)
;throw d(`path: expected the path of a folder, found ${e}`,"It is made when it is first needed.")}const e=(0,f.resolve)(t);const r=t=>(0,f.join)(e,(0,
c.createHash)("sha256").update(t).digest("hex").slice(0,32));const a=new b(e);let n=false;async function o(t,r,{version:a,value:o},i){
let{head:s,names:c,record:u}=await g(e,t);if((u?.version??null)!==r)return{swapped:false};if(s===null)await(0,l.rename)(t,(0,f.join)(e,`new-${a}`)).catch(S)
;if(s===void 0||s===null){await x(e,t);s=""}const w=(0,f.join)(t,`value.${a}`);const d=(0,f.join)(t,`head.${a}`);try{await A(w,JSON.stringify({value:o,
expiresAt:Date.now()+i}));await(0,l.rename)((0,f.join)(t,`head.${s}`),d)}catch(t){const e=D(t);if(e!=="EEXIST")await(0,l.unlink)(w).catch(S)
;if(e!=="ENOENT")throw t;return{swapped:false}}const h=new Date;await(0,l.utimes)(d,h,h).catch(()=>{});if(s!=="")await(0,l.unlink)((0,
f.join)(t,`value.${s}`)).catch(()=>{});await E(t,c,s);if(!n)await N(e);n=true;return{swapped:true}}return{load(t){return a.next(async()=>({
record:(await g(e,r(t))).record}))},async compareAndSwap(t,e,n,{ttlMs:i}){
if(!v.test(n.version))throw d("version: expected letters, digits, - and _, found others","Use hex digits.");return a.next(()=>o(r(t),e,n,i))},watch(t,e){let n
;let o=false;function i(){if(o)return;n=(0,u.watch)(r(t),{persistent:false},()=>e());n.on("error",()=>{});e()}a.next(()=>(0,
l.stat)(r(t))).then(i,()=>{}).catch(()=>{});return()=>{o=true;n?.close()}}}}var b=class{#t;#e=Promise.resolve();#r;constructor(t){this.#t=t}async next(t){
if(this.#r!==void 0&&performance.now()-this.#r>j){throw new Error(`${this.#t} has not answered for ${j} ms: its file system hangs`)}
const e=this.#e.then(async()=>{this.#r=performance.now();try{return await t()}finally{this.#r=void 0}});this.#e=e.catch(()=>{});return e}}
;async function g(t,e){await O(t);await O(e);let r;for(let t=0;t<m;t++){const t=await(0,l.readdir)(e).catch(S);if(t===void 0)return{head:void 0,names:[],
record:null};const a=t.filter(t=>t.startsWith("head."));const[n]=a;if(n===void 0||a.length>1)continue;const o=n.slice("head.".length);if(o==="")return{head:o,
names:t,record:null};const i=await $((0,f.join)(e,`value.${o}`)).catch(S);if(i!==void 0)return{head:o,names:t,record:_(o,i)};if(r===o)return{head:o,names:t,
record:null};r=o}return{head:null,names:[],record:null}}async function O(t){if(process.platform==="win32")return;const e=await(0,l.stat)(t).catch(S)
;if(e&&(e.mode&2)!==0){throw new Error(`${t} may be written by every user of this machine: use a folder of your own (chmod 700)`)}}async function $(t){
const e=await(0,l.open)(t,u.constants.O_RDONLY|(u.constants.O_NONBLOCK??0));try{const r=await e.stat()
;if(!r.isFile())throw new Error(`${t} is no regular file: remove it`);if(r.size>y)throw new Error(`${t} has over ${y} bytes and is no record: remove it`)
;return await e.readFile("utf8")}finally{await e.close()}}function _(t,e){try{const{value:r,expiresAt:a}=JSON.parse(e);return a>Date.now()?{version:t,value:r
}:null}catch{return null}}async function x(t,e){await(0,l.mkdir)(t,{__proto__:null,recursive:true,mode:448});const r=await(0,l.mkdtemp)((0,f.join)(t,"new-"))
;await(0,l.writeFile)((0,f.join)(r,"head."),"",{__proto__:null,mode:384});await(0,l.rename)(r,e).catch(async t=>{await(0,l.rm)(r,{recursive:true});await(0,
l.stat)(e).catch(()=>{throw t})})}async function A(t,e){const r=await(0,l.open)(t,"wx",384);try{await r.writeFile(e);await r.sync()}finally{await r.close()}}
async function E(t,e,r){for(const a of e){if(!a.startsWith("value.")||a===`value.${r}`)continue;const e=await(0,l.stat)((0,f.join)(t,a)).catch(()=>void 0)
;if(e&&e.mtimeMs<Date.now()-p)await(0,l.unlink)((0,f.join)(t,a)).catch(()=>{})}}async function N(t){for(const e of await(0,l.readdir)(t).catch(()=>[])){
if(!e.startsWith("new-"))continue;const r=await(0,l.stat)((0,f.join)(t,e)).catch(()=>void 0);if(!r||r.mtimeMs>=Date.now()-p)continue;await(0,l.rm)((0,
f.join)(t,e),{recursive:true,force:true}).catch(()=>{})}}function D(t){return t.code}function S(t){if(D(t)!=="ENOENT")throw t;return void 0}0&&(module.exports={
fileStore});