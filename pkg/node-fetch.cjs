"use strict";var e=Object.create;var t=Object.defineProperty;var r=Object.getOwnPropertyDescriptor;var s=Object.getOwnPropertyNames;var n=Object.getPrototypeOf
;var o=Object.prototype.hasOwnProperty;var a=(e,r)=>{for(var s of Object.keys(r))t(e,s,{get:r[s],enumerable:true})};var i=(e,n,a,i)=>{
if(n&&typeof n==="object"||typeof n==="function"){for(let c of s(n))if(!o.call(e,c)&&c!==a)t(e,c,{get:()=>n[c],enumerable:!(i=r(n,c))||i.enumerable})}return e}
;var c=(r,s,o)=>(o=r!=null?e(n(r)):{},i(s||!r||!r.__esModule?t(o,"default",{value:r,enumerable:true}):o,r));var h=e=>i(t({},"__esModule",{value:true}),e)
;var l={};a(l,{fetch:()=>V});module.exports=h(l);var d=5e3;var u=["HTTP_PROXY","HTTPS_PROXY","NO_PROXY","http_proxy","https_proxy","no_proxy"]
;var f=/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;var p=new Map;function y(e,t){const r=f.test(e.hostname);const s=`${e.protocol}${r}`;const n=p.get(s)
;if(n)return n;const o=r?{}:w();const a=new t({keepAlive:true,scheduling:"lifo",timeout:d,proxyEnv:o});p.set(s,a);return a}function w(){
const e=u.filter(e=>process.env[e]);return Object.fromEntries(e.map(e=>[e,process.env[e]]))}var b=(e,t)=>process.getBuiltinModule?.(e)??t();var v={
http:()=>b("node:http",()=>import("node:http")),https:()=>b("node:https",()=>import("node:https")),stream:()=>b("node:stream",()=>import("node:stream")),
zlib:()=>b("node:zlib",()=>import("node:zlib"))};var g=5;async function m(e,t){
const r=t.toLowerCase().split(",").map(e=>e.trim()).filter(e=>e!==""&&e!=="identity");if(r.length===0)return e
;if(r.length>g)throw new TypeError(`fetch: the answer has over ${g} content codings`);const[{pipeline:s},n]=[await v.stream(),await v.zlib()];r.reverse()
;if(r[0]==="deflate"&&await T(e))r[0]="raw deflate";const o=r.map(e=>O(e,n));if(o.includes(void 0))return e;const[a,...i]=o;return s([e,a,...i],()=>{})}
async function T(e){let t=e.read();if(t===null){await new Promise(t=>{for(const r of["readable","error","close"])e.once(r,t)});t=e.read()}
if(t===null)return false;e.unshift(t);return((t[0]??8)&15)!==8}function O(e,t){const{Z_SYNC_FLUSH:r,BROTLI_OPERATION_FLUSH:s}=t.constants;const n={flush:r,
finishFlush:r};switch(e){case"gzip":case"x-gzip":return t.createGunzip(n);case"deflate":return t.createInflate(n);case"raw deflate":return t.createInflateRaw(n)
;case"br":return t.createBrotliDecompress({flush:s,finishFlush:s});default:return void 0}}var k=class{#e=new Map;constructor(e){for(let t=0;t+1<e.length;t+=2){
const r=String(e[t]).toLowerCase();const s=String(e[t+1]);const n=this.#e.get(r);if(n)n.push(s);else this.#e.set(r,[s])}}get(e){
return this.#e.get(String(e).toLowerCase())?.join(", ")??null}has(e){return this.#e.has(String(e).toLowerCase())}getSetCookie(){
return[...this.#e.get("set-cookie")??[]]}*entries(){for(const e of[...this.#e.keys()].sort()){const t=this.#e.get(e)??[]
;if(e==="set-cookie")for(const r of t)yield[e,r];else yield[e,t.join(", ")]}}*keys(){for(const[e]of this.entries())yield e}*values(){
for(const[,e]of this.entries())yield e}forEach(e,t){for(const[r,s]of this.entries())e.call(t,s,r,this)}[Symbol.iterator](){return this.entries()}append(){
throw new TypeError("Headers: those of a response cannot be changed")}set(){return this.append()}delete(){return this.append()}}
;var j=e=>Object.getPrototypeOf(e)===Object.prototype?{__proto__:null,...e}:e;var E="a string, bytes, URLSearchParams, a Blob or a stream";function x(e){
if(e===void 0||e===null)return void 0;if(typeof e==="string")return R(e,"text/plain;charset=UTF-8");if(ArrayBuffer.isView(e)){
return L(new Uint8Array(e.buffer,e.byteOffset,e.byteLength))}switch(Object.prototype.toString.call(e)){case"[object ArrayBuffer]":
case"[object SharedArrayBuffer]":return L(new Uint8Array(e));case"[object URLSearchParams]":
return R(String(e),"application/x-www-form-urlencoded;charset=UTF-8");case"[object Blob]":case"[object File]":{const{type:t,size:r}=e;return{kind:"stream",
chunks:e.stream(),length:r,...t&&{type:t}}}}if(typeof e[Symbol.asyncIterator]==="function"){return{kind:"stream",chunks:e}}
throw new TypeError(`fetch: expected the body to be ${E}, found ${C(e)}`)}function R(e,t){return{...L(Buffer.from(e,"utf8")),type:t}}function L(e){return{
kind:"bytes",bytes:e,length:e.byteLength}}function C(e){if(typeof e!=="object")return`a ${typeof e}`
;const t=Object.prototype.toString.call(e).slice("[object ".length,-1)
;return t==="Object"?"an object, which JSON.stringify makes a string":`an object of the class ${t}`}
var S=["connection","expect","keep-alive","te","trailer","transfer-encoding","upgrade"];var _={Accept:"*/*","Accept-Encoding":"gzip, deflate, br",
"User-Agent":"node"};function P(e,t){const r=j(t);const s=U(e)?e:void 0;const n=A(s?.url??e);for(const e of["dispatcher","integrity"]){
if(r[e])throw new TypeError(`fetch: the option ${e} is not supported here`)}const o=String(r.method??s?.method??"GET").toUpperCase()
;if(["CONNECT","TRACE","TRACK"].includes(o))throw new TypeError(`fetch: the method ${o} is not allowed`);const a=x(r.body??s?.body??void 0)
;if(a&&["GET","HEAD"].includes(o))throw new TypeError(`fetch: a ${o} request cannot have a body`);const i=$(r.headers??s?.headers)
;if(["no-store","reload"].includes(r.cache??""))B(i,{Pragma:"no-cache","Cache-Control":"no-cache"});B(i,_);if(a?.type)B(i,{"Content-Type":a.type})
;if(a)B(i,D(a));return{url:n,method:o,headers:Object.fromEntries(i.values()),body:a,signal:r.signal??s?.signal??void 0,
redirect:r.redirect??s?.redirect??"manual",agent:r.agent}}function U(e){return typeof e?.url==="string"&&typeof e.arrayBuffer==="function"}function A(e){
const t=new URL(e);if(t.protocol!=="https:"&&t.protocol!=="http:"){throw new TypeError(`fetch: expected an http: or https: URL, found ${t.protocol}`)}
if(t.username||t.password)throw new TypeError("fetch: expected a URL without a user name and a password");return t}function $(e){const t=new Map
;const r=typeof e?.[Symbol.iterator]==="function";for(const s of r?e:Object.entries(e??{})){
if(!Array.isArray(s)||s.length!==2)throw new TypeError("fetch: expected pairs of a header's name and value");const[e,r]=s.map(String);const n=e.toLowerCase()
;if(S.includes(n))throw new TypeError(`fetch: the header ${e} cannot be set here`);if(n==="content-length")continue;const o=t.get(n)
;const a=r.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g,"");t.set(n,[e,o?`${o[1]}, ${a}`:a])}return t}function D({length:e}){return e===void 0?{
"Transfer-Encoding":"chunked"}:{"Content-Length":String(e)}}function B(e,t){for(const[r,s]of Object.entries(t)){
if(!e.has(r.toLowerCase()))e.set(r.toLowerCase(),[r,s])}}var N=class e{status;statusText;ok;headers;body;url;redirected=false;type="basic"
;constructor({status:e,statusText:t,headers:r,body:s,url:n}){this.status=e;this.statusText=t;this.ok=e>=200&&e<300;this.headers=r;this.body=s;this.url=n}
get bodyUsed(){return this.body?.isDisturbed??false}async bytes(){this.#t();const e=[];for await(const t of this.body??[])e.push(t)
;const t=new Uint8Array(e.reduce((e,{byteLength:t})=>e+t,0));let r=0;for(const s of e){t.set(s,r);r+=s.byteLength}return t}async arrayBuffer(){
return(await this.bytes()).buffer}async text(){return(new TextDecoder).decode(await this.bytes())}async json(){return JSON.parse(await this.text())}
async blob(){return new Blob([await this.bytes()],{type:this.headers.get("content-type")??""})}async formData(){const e={
"Content-Type":this.headers.get("content-type")??""};return new Response(await this.bytes(),{headers:e}).formData()}clone(){this.#t()
;const{status:t,statusText:r,headers:s,url:n}=this;return new e({status:t,statusText:r,headers:s,body:this.body?.clone()??null,url:n})}#t(){
if(this.bodyUsed||this.body?.locked)throw new TypeError("The body is used: it was read, cancelled or locked")}};var z=65536;var H=class{first;#r=0;#s=false;#n=0
;#o=0;#a;#i;#c;#h;constructor(e,t){this.#a=e;this.#i=t;this.first=this.#l();e.on("data",e=>this.#d(e));e.on("end",()=>{this.#s=true;this.#c(void 0)})
;e.on("error",e=>this.fail(e));const r=()=>this.fail(e.errored??Object.assign(new Error("fetch: the body broke off"),{code:"ECONNRESET"}));e.on("close",r)
;if(e.destroyed)r()}fail(e){this.#s=true;this.#h(e)}join(){this.#r+=1}leave(){this.#r-=1;if(this.#r===0&&!this.#s)this.#i()}take({end:e}){
this.#o=Math.max(this.#o,e);if(this.#n-this.#o<z&&this.#a.isPaused())this.#a.resume()}#d({buffer:e,byteOffset:t,byteLength:r}){this.#n+=r
;if(this.#n-this.#o>=z)this.#a.pause();const s=this.#c;const n=new Uint8Array(e,t,r);s({bytes:n,end:this.#n,next:this.#l()})}#l(){const e=new Promise((e,t)=>{
this.#c=e;this.#h=t});e.catch(()=>{});return e}};var M=class e{#u;#f;#p=false;#y=false;isDisturbed=false;constructor(e,t){this.#u=e;this.#f=t;e.join()}
get locked(){return this.#y}getReader(e){if(e?.mode==="byob")return this.#w().getReader(e);if(this.#y)throw new TypeError("The body is locked to a reader")
;this.#y=true;return new F(()=>this.#o(),()=>this.#b(),()=>{this.#y=false})}async cancel(){if(this.#y)throw new TypeError("The body is locked to a reader")
;return this.#b()}async*values({preventCancel:e=false}={}){const t=this.getReader();try{for(;;){const{done:e,value:r}=await t.read();if(e)return;yield r}
}finally{if(!e)await t.cancel();t.releaseLock()}}[Symbol.asyncIterator](){return this.values()}tee(){return this.#w().tee()}pipeTo(...e){
return this.#w().pipeTo(...e)}pipeThrough(...e){return this.#w().pipeThrough(...e)}clone(){return new e(this.#u,this.#f)}async#o(){this.isDisturbed=true
;const e=this.#f;this.#f=e.then(e=>e?.next);this.#f.catch(()=>{});let t;try{t=await e}catch(e){if(!this.#p)throw e}if(t===void 0||this.#p)return{done:true,
value:void 0};this.#u.take(t);return{done:false,value:t.bytes}}async#b(){this.isDisturbed=true;if(this.#p)return;this.#p=true;this.#u.leave()}#w(){
const e=this.getReader();return new ReadableStream({type:"bytes",async pull(t){const{done:r,value:s}=await e.read();if(!r)return t.enqueue(s);t.close()
;t.byobRequest?.respond(0)},cancel:()=>e.cancel()})}};var F=class{closed;#o;#b;#v;#g=false;#m;#T;constructor(e,t,r){this.#o=e;this.#b=t;this.#v=r
;this.closed=new Promise((e,t)=>{this.#m=()=>e(void 0);this.#T=t});this.closed.catch(()=>{})}async read(){this.#O();try{const e=await this.#o()
;if(e.done)this.#m();return e}catch(e){this.#T(e);throw e}}async cancel(){this.#O();this.#m();return this.#b()}releaseLock(){if(this.#g)return;this.#g=true
;this.#T(new TypeError("The reader was released"));this.#v()}#O(){if(this.#g)throw new TypeError("The reader was released")}};var I=3e5;var q=[204,205,304]
;async function nodeFetch(e,t={}){const r=P(e,t);const{signal:s,url:n}=r;const o=n.protocol==="https:"?await v.https():await v.http()
;const a=r.body?.kind==="stream"?await v.stream():void 0;const{Agent:i}=o;const c=r.agent??y(n,i);return new Promise((e,t)=>{if(s?.aborted)throw s.reason
;const{method:i,headers:h}=r;const l=o.request(n.href,{__proto__:null,method:i,headers:h,agent:c,timeout:I});let d;let u=false;const f=e=>{d?.fail(e);t(e)
;l.destroy()};const p=()=>f(s?.reason);s?.addEventListener("abort",p);l.once("close",()=>s?.removeEventListener("abort",p));l.on("error",e=>f(G(e)))
;l.on("timeout",()=>f(X("ETIMEDOUT",`nothing came for ${I/1e3} seconds`)));l.on("upgrade",()=>f(X("EPROTO","the server switched to another protocol")))
;l.once("response",t=>{u=true;Y(r,t,e=>{d=new H(e,()=>l.destroy());return d}).then(e,f)});const{body:y}=r;if(y?.kind==="stream"){
a?.pipeline(J(y.chunks,a.Readable),l,e=>{if(e&&!u)f(e)})}else l.end(y?.bytes)})}async function Y(e,t,r){const{statusCode:s=0,statusMessage:n="",rawHeaders:o}=t
;const a=new k(o);if(e.redirect==="error"&&s>=300&&s<400&&a.has("location")){
throw new TypeError(`fetch: the answer is a redirect (HTTP ${s}), and redirect is "error"`)}t.on("error",()=>{});let i=null
;if(e.method==="HEAD"||q.includes(s))t.resume();else{const e=r(await m(t,a.get("content-encoding")??""));i=new M(e,e.first)}
const{origin:c,pathname:h,search:l}=e.url;const d=c+h+l;return new N({status:s,statusText:n,headers:a,body:i,url:d})}function G(e){delete e.rawPacket
;delete e.cert;return e}function X(e,t){return Object.assign(new Error(`fetch: ${t}`),{code:e})}function J(e,t){const r=typeof e.getReader==="function"
;return r?t.fromWeb(e):t.from(e)}var K=Symbol.for("daraja-auth/node-fetch/1");var V=W();function W(){const e=Object.getOwnPropertyDescriptor(globalThis,K)
;if(e&&Object.hasOwn(e,"value")&&!e.configurable&&typeof e.value==="function"){return e.value}Reflect.defineProperty(globalThis,K,{__proto__:null,
value:nodeFetch});return nodeFetch}0&&(module.exports={fetch:V});