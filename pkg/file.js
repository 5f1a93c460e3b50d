import{createHash as t}from"node:crypto";import{constants as e,watch as a}from"node:fs"
;import{mkdir as n,mkdtemp as r,open as o,readdir as i,rename as s,rm as c,stat as u,unlink as w,utimes as l,writeFile as h}from"node:fs/promises"
;import{join as f,resolve as d}from"node:path";import{DarajaError}from"daraja-auth";function m(t,e){return new DarajaError(t,{code:"ERR_DARAJA_INVALID_OPTION",
retryable:!1,hint:e})}var p=/^[\w-]{1,128}$/,y=36e5,v=1048576;function fileStore(e){if("string"!=typeof e||""===e||e.includes("\0")){
throw m(`path: expected the path of a folder, found ${""===e?"an empty string":null==(v=e)?String(v):"object"==typeof v?"an object":"a "+typeof v}`,"It is made when it is first needed.")
}var v;const $=d(e),x=e=>f($,t("sha256").update(e).digest("hex").slice(0,32)),A=new g($);let N=!1;async function O(t,e,{version:a,value:d},m){
let{head:p,names:v,record:g}=await _($,t);if((g?.version??null)!==e)return{swapped:!1};null===p&&await s(t,f($,`new-${a}`)).catch(E),
null==p&&(await async function(t,e){await n(t,{__proto__:null,recursive:!0,mode:448});const a=await r(f(t,"new-"));await h(f(a,"head."),"",{__proto__:null,
mode:384}),await s(a,e).catch(async t=>{await c(a,{recursive:!0}),await u(e).catch(()=>{throw t})})}($,t),p="");const x=f(t,`value.${a}`),A=f(t,`head.${a}`)
;try{await async function(t,e){const a=await o(t,"wx",384);try{await a.writeFile(e),await a.sync()}finally{await a.close()}}(x,JSON.stringify({value:d,
expiresAt:Date.now()+m})),await s(f(t,`head.${p}`),A)}catch(t){const e=b(t);if("EEXIST"!==e&&await w(x).catch(E),"ENOENT"!==e)throw t;return{swapped:!1}}
const O=new Date;return await l(A,O,O).catch(()=>{}),""!==p&&await w(f(t,`value.${p}`)).catch(()=>{}),await async function(t,e,a){for(const n of e){
if(!n.startsWith("value.")||n===`value.${a}`)continue;const e=await u(f(t,n)).catch(()=>{});e&&e.mtimeMs<Date.now()-y&&await w(f(t,n)).catch(()=>{})}}(t,v,p),
N||await async function(t){for(const e of await i(t).catch(()=>[])){if(!e.startsWith("new-"))continue;const a=await u(f(t,e)).catch(()=>{})
;!a||a.mtimeMs>=Date.now()-y||await c(f(t,e),{recursive:!0,force:!0}).catch(()=>{})}}($),N=!0,{swapped:!0}}return{load:t=>A.next(async()=>({
record:(await _($,x(t))).record})),async compareAndSwap(t,e,a,{ttlMs:n}){
if(!p.test(a.version))throw m("version: expected letters, digits, - and _, found others","Use hex digits.");return A.next(()=>O(x(t),e,a,n))},watch(t,e){
let n,r=!1;return A.next(()=>u(x(t))).then(function(){r||(n=a(x(t),{persistent:!1},()=>e()),n.on("error",()=>{}),e())},()=>{}).catch(()=>{}),()=>{r=!0,
n?.close()}}}}var g=class{#t;#e=Promise.resolve();#a;constructor(t){this.#t=t}async next(t){
if(void 0!==this.#a&&performance.now()-this.#a>1e4)throw new Error(`${this.#t} has not answered for 10000 ms: its file system hangs`)
;const e=this.#e.then(async()=>{this.#a=performance.now();try{return await t()}finally{this.#a=void 0}});return this.#e=e.catch(()=>{}),e}}
;async function _(t,e){let a;await $(t),await $(e);for(let t=0;t<1e3;t++){const t=await i(e).catch(E);if(void 0===t)return{head:void 0,names:[],record:null}
;const n=t.filter(t=>t.startsWith("head.")),[r]=n;if(void 0===r||n.length>1)continue;const o=r.slice(5);if(""===o)return{head:o,names:t,record:null}
;const s=await x(f(e,`value.${o}`)).catch(E);if(void 0!==s)return{head:o,names:t,record:A(o,s)};if(a===o)return{head:o,names:t,record:null};a=o}return{
head:null,names:[],record:null}}async function $(t){if("win32"===process.platform)return;const e=await u(t).catch(E)
;if(e&&2&e.mode)throw new Error(`${t} may be written by every user of this machine: use a folder of your own (chmod 700)`)}async function x(t){
const a=await o(t,e.O_RDONLY|(e.O_NONBLOCK??0));try{const e=await a.stat();if(!e.isFile())throw new Error(`${t} is no regular file: remove it`)
;if(e.size>v)throw new Error(`${t} has over 1048576 bytes and is no record: remove it`);return await a.readFile("utf8")}finally{await a.close()}}
function A(t,e){try{const{value:a,expiresAt:n}=JSON.parse(e);return n>Date.now()?{version:t,value:a}:null}catch{return null}}function b(t){return t.code}
function E(t){if("ENOENT"!==b(t))throw t}export{fileStore};