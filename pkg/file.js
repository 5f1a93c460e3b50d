import{createHash as t}from"node:crypto";import{constants as e,watch as a}from"node:fs"
;import{mkdir as n,mkdtemp as r,open as o,readdir as i,rename as s,rm as c,stat as u,unlink as w,utimes as h,writeFile as l}from"node:fs/promises"
;import{join as f,resolve as d}from"node:path";import{DarajaError}from"daraja-auth";function m(t,e){return new DarajaError(t,{code:"ERR_DARAJA_INVALID_OPTION",
retryable:!1,hint:e})}var y=/^[\w-]{1,128}$/,p=36e5,v=1048576;function fileStore(e){if("string"!=typeof e||""===e||e.includes("\0")){
throw m(`path: expected the path of a folder, found ${""===e?"an empty string":null==(v=e)?String(v):"object"==typeof v?"an object":"a "+typeof v}`,"It is made when it is first needed.")
}var v;const x=d(e),A=e=>f(x,t("sha256").update(e).digest("hex").slice(0,32)),b=new g(x);let O=!1;async function D(t,e,{version:a,value:d},m){
let{head:y,names:v,record:g}=await $(x,t);if((g?.version??null)!==e)return{swapped:!1};null===y&&await s(t,f(x,`new-${a}`)).catch(N),
null==y&&(await async function(t,e){await n(t,{recursive:!0,mode:448});const a=await r(f(t,"new-"));await l(f(a,"head."),"",{mode:384}),
await s(a,e).catch(async t=>{await c(a,{recursive:!0}),await u(e).catch(()=>{throw t})})}(x,t),y="");const A=f(t,`value.${a}`),b=f(t,`head.${a}`);try{
await async function(t,e){const a=await o(t,"wx",384);try{await a.writeFile(e),await a.sync()}finally{await a.close()}}(A,JSON.stringify({value:d,
expiresAt:Date.now()+m})),await s(f(t,`head.${y}`),b)}catch(t){const e=E(t);if("EEXIST"!==e&&await w(A).catch(N),"ENOENT"!==e)throw t;return{swapped:!1}}
const D=new Date;return await h(b,D,D).catch(()=>{}),""!==y&&await w(f(t,`value.${y}`)).catch(()=>{}),await async function(t,e,a){for(const n of e){
if(!n.startsWith("value.")||n===`value.${a}`)continue;const e=await u(f(t,n)).catch(()=>{});e&&e.mtimeMs<Date.now()-p&&await w(f(t,n)).catch(()=>{})}}(t,v,y),
O||await async function(t){for(const e of await i(t).catch(()=>[])){if(!e.startsWith("new-"))continue;const a=await u(f(t,e)).catch(()=>{})
;!a||a.mtimeMs>=Date.now()-p||await c(f(t,e),{recursive:!0,force:!0}).catch(()=>{})}}(x),O=!0,{swapped:!0}}return{load:t=>b.next(async()=>({
record:(await $(x,A(t))).record})),async compareAndSwap(t,e,a,{ttlMs:n}){
if(!y.test(a.version))throw m("version: expected letters, digits, - and _, found others","Use hex digits.");return b.next(()=>D(A(t),e,a,n))},watch(t,e){
let n,r=!1;return b.next(()=>u(A(t))).then(function(){r||(n=a(A(t),{persistent:!1},()=>e()),n.on("error",()=>{}),e())},()=>{}).catch(()=>{}),()=>{r=!0,
n?.close()}}}}var g=class{#t;#e=Promise.resolve();#a;constructor(t){this.#t=t}async next(t){
if(void 0!==this.#a&&performance.now()-this.#a>1e4)throw new Error(`${this.#t} has not answered for 10000 ms: its file system hangs`)
;const e=this.#e.then(async()=>{this.#a=performance.now();try{return await t()}finally{this.#a=void 0}});return this.#e=e.catch(()=>{}),e}}
;async function $(t,e){let a;await x(t),await x(e);for(let t=0;t<1e3;t++){const t=await i(e).catch(N);if(void 0===t)return{head:void 0,names:[],record:null}
;const n=t.filter(t=>t.startsWith("head.")),[r]=n;if(void 0===r||n.length>1)continue;const o=r.slice(5);if(""===o)return{head:o,names:t,record:null}
;const s=await A(f(e,`value.${o}`)).catch(N);if(void 0!==s)return{head:o,names:t,record:b(o,s)};if(a===o)return{head:o,names:t,record:null};a=o}return{
head:null,names:[],record:null}}async function x(t){if("win32"===process.platform)return;const e=await u(t).catch(N)
;if(e&&2&e.mode)throw new Error(`${t} may be written by every user of this machine: use a folder of your own (chmod 700)`)}async function A(t){
const a=await o(t,e.O_RDONLY|(e.O_NONBLOCK??0));try{const e=await a.stat();if(!e.isFile())throw new Error(`${t} is no regular file: remove it`)
;if(e.size>v)throw new Error(`${t} has over 1048576 bytes and is no record: remove it`);return await a.readFile("utf8")}finally{await a.close()}}
function b(t,e){try{const{value:a,expiresAt:n}=JSON.parse(e);return n>Date.now()?{version:t,value:a}:null}catch{return null}}function E(t){return t.code}
function N(t){if("ENOENT"!==E(t))throw t}export{fileStore};