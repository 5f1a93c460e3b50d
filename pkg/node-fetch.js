var e=["HTTP_PROXY","HTTPS_PROXY","NO_PROXY","http_proxy","https_proxy","no_proxy"],t=/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/,r=new Map
;function s(s,n){const o=t.test(s.hostname),a=`${s.protocol}${o}`,i=r.get(a);if(i)return i;const c=new n({keepAlive:!0,scheduling:"lifo",timeout:5e3,
proxyEnv:o?{}:function(){const t=e.filter(e=>process.env[e]);return Object.fromEntries(t.map(e=>[e,process.env[e]]))}()});return r.set(a,c),c}
var n=(e,t)=>process.getBuiltinModule?.(e)??t(),o=()=>n("node:http",()=>import("node:http")),a=()=>n("node:https",()=>import("node:https")),i=()=>n("node:stream",()=>import("node:stream")),c=()=>n("node:zlib",()=>import("node:zlib"))
;async function h(e,t){const r=t.toLowerCase().split(",").map(e=>e.trim()).filter(e=>""!==e&&"identity"!==e);if(0===r.length)return e
;if(r.length>5)throw new TypeError("fetch: the answer has over 5 content codings");const[{pipeline:s},n]=[await i(),await c()];r.reverse(),
"deflate"===r[0]&&await async function(e){let t=e.read();null===t&&(await new Promise(t=>{for(const r of["readable","error","close"])e.once(r,t)}),t=e.read())
;return null!==t&&(e.unshift(t),8!=(15&(t[0]??8)))}(e)&&(r[0]="raw deflate");const o=r.map(e=>function(e,t){
const{Z_SYNC_FLUSH:r,BROTLI_OPERATION_FLUSH:s}=t.constants,n={flush:r,finishFlush:r};switch(e){case"gzip":case"x-gzip":return t.createGunzip(n);case"deflate":
return t.createInflate(n);case"raw deflate":return t.createInflateRaw(n);case"br":return t.createBrotliDecompress({flush:s,finishFlush:s});default:return}
}(e,n));if(o.includes(void 0))return e;const[a,...h]=o;return s([e,a,...h],()=>{})}var d=class{#e=new Map;constructor(e){for(let t=0;t+1<e.length;t+=2){
const r=String(e[t]).toLowerCase(),s=String(e[t+1]),n=this.#e.get(r);n?n.push(s):this.#e.set(r,[s])}}get(e){
return this.#e.get(String(e).toLowerCase())?.join(", ")??null}has(e){return this.#e.has(String(e).toLowerCase())}getSetCookie(){
return[...this.#e.get("set-cookie")??[]]}*entries(){for(const e of[...this.#e.keys()].sort()){const t=this.#e.get(e)??[]
;if("set-cookie"===e)for(const r of t)yield[e,r];else yield[e,t.join(", ")]}}*keys(){for(const[e]of this.entries())yield e}*values(){
for(const[,e]of this.entries())yield e}forEach(e,t){for(const[r,s]of this.entries())e.call(t,s,r,this)}[Symbol.iterator](){return this.entries()}append(){
throw new TypeError("Headers: those of a response cannot be changed")}set(){return this.append()}delete(){return this.append()}};function l(e){if(null!=e){
if("string"==typeof e)return u(e,"text/plain;charset=UTF-8");if(ArrayBuffer.isView(e))return f(new Uint8Array(e.buffer,e.byteOffset,e.byteLength))
;switch(Object.prototype.toString.call(e)){case"[object ArrayBuffer]":case"[object SharedArrayBuffer]":return f(new Uint8Array(e))
;case"[object URLSearchParams]":return u(String(e),"application/x-www-form-urlencoded;charset=UTF-8");case"[object Blob]":case"[object File]":{
const{type:t,size:r}=e;return{kind:"stream",chunks:e.stream(),length:r,...t&&{type:t}}}}if("function"==typeof e[Symbol.asyncIterator])return{kind:"stream",
chunks:e};throw new TypeError(`fetch: expected the body to be a string, bytes, URLSearchParams, a Blob or a stream, found ${function(e){
if("object"!=typeof e)return"a "+typeof e;const t=Object.prototype.toString.call(e).slice(8,-1)
;return"Object"===t?"an object, which JSON.stringify makes a string":`an object of the class ${t}`}(e)}`)}}function u(e,t){return{...f(Buffer.from(e,"utf8")),
type:t}}function f(e){return{kind:"bytes",bytes:e,length:e.byteLength}}
var p=["connection","expect","keep-alive","te","trailer","transfer-encoding","upgrade"],y={Accept:"*/*","Accept-Encoding":"gzip, deflate, br",
"User-Agent":"node"};function w(e,t){const r=(e=>Object.getPrototypeOf(e)===Object.prototype?{__proto__:null,...e}:e)(t),s=function(e){
return"string"==typeof e?.url&&"function"==typeof e.arrayBuffer}(e)?e:void 0,n=function(e){const t=new URL(e)
;if("https:"!==t.protocol&&"http:"!==t.protocol)throw new TypeError(`fetch: expected an http: or https: URL, found ${t.protocol}`)
;if(t.username||t.password)throw new TypeError("fetch: expected a URL without a user name and a password");return t}(s?.url??e)
;for(const e of["dispatcher","integrity"])if(r[e])throw new TypeError(`fetch: the option ${e} is not supported here`)
;const o=String(r.method??s?.method??"GET").toUpperCase()
;if(["CONNECT","TRACE","TRACK"].includes(o))throw new TypeError(`fetch: the method ${o} is not allowed`);const a=l(r.body??s?.body??void 0)
;if(a&&["GET","HEAD"].includes(o))throw new TypeError(`fetch: a ${o} request cannot have a body`);const i=function(e){
const t=new Map,r="function"==typeof e?.[Symbol.iterator];for(const s of r?e:Object.entries(e??{})){
if(!Array.isArray(s)||2!==s.length)throw new TypeError("fetch: expected pairs of a header's name and value");const[e,r]=s.map(String),n=e.toLowerCase()
;if(p.includes(n))throw new TypeError(`fetch: the header ${e} cannot be set here`);if("content-length"===n)continue
;const o=t.get(n),a=r.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g,"");t.set(n,[e,o?`${o[1]}, ${a}`:a])}return t}(r.headers??s?.headers)
;return["no-store","reload"].includes(r.cache??"")&&b(i,{Pragma:"no-cache","Cache-Control":"no-cache"}),b(i,y),a?.type&&b(i,{"Content-Type":a.type}),
a&&b(i,function({length:e}){return void 0===e?{"Transfer-Encoding":"chunked"}:{"Content-Length":String(e)}}(a)),{url:n,method:o,
headers:Object.fromEntries(i.values()),body:a,signal:r.signal??s?.signal??void 0,redirect:r.redirect??s?.redirect??"manual",agent:r.agent}}function b(e,t){
for(const[r,s]of Object.entries(t))e.has(r.toLowerCase())||e.set(r.toLowerCase(),[r,s])}var g=class e{status;statusText;ok;headers;body;url;redirected=!1
;type="basic";constructor({status:e,statusText:t,headers:r,body:s,url:n}){this.status=e,this.statusText=t,this.ok=e>=200&&e<300,this.headers=r,this.body=s,
this.url=n}get bodyUsed(){return this.body?.isDisturbed??!1}async bytes(){this.#t();const e=[];for await(const t of this.body??[])e.push(t)
;const t=new Uint8Array(e.reduce((e,{byteLength:t})=>e+t,0));let r=0;for(const s of e)t.set(s,r),r+=s.byteLength;return t}async arrayBuffer(){
return(await this.bytes()).buffer}async text(){return(new TextDecoder).decode(await this.bytes())}async json(){return JSON.parse(await this.text())}
async blob(){return new Blob([await this.bytes()],{type:this.headers.get("content-type")??""})}async formData(){const e={
"Content-Type":this.headers.get("content-type")??""};return new Response(await this.bytes(),{headers:e}).formData()}clone(){this.#t()
;const{status:t,statusText:r,headers:s,url:n}=this;return new e({status:t,statusText:r,headers:s,body:this.body?.clone()??null,url:n})}#t(){
if(this.bodyUsed||this.body?.locked)throw new TypeError("The body is used: it was read, cancelled or locked")}},m=class{first;#r=0;#s=!1;#n=0;#o=0;#a;#i;#c;#h
;constructor(e,t){this.#a=e,this.#i=t,this.first=this.#d(),e.on("data",e=>this.#l(e)),e.on("end",()=>{this.#s=!0,this.#c(void 0)}),e.on("error",e=>this.fail(e))
;const r=()=>this.fail(e.errored??Object.assign(new Error("fetch: the body broke off"),{code:"ECONNRESET"}));e.on("close",r),e.destroyed&&r()}fail(e){
this.#s=!0,this.#h(e)}join(){this.#r+=1}leave(){this.#r-=1,0!==this.#r||this.#s||this.#i()}take({end:e}){this.#o=Math.max(this.#o,e),
this.#n-this.#o<65536&&this.#a.isPaused()&&this.#a.resume()}#l({buffer:e,byteOffset:t,byteLength:r}){this.#n+=r,this.#n-this.#o>=65536&&this.#a.pause();(0,
this.#c)({bytes:new Uint8Array(e,t,r),end:this.#n,next:this.#d()})}#d(){const e=new Promise((e,t)=>{this.#c=e,this.#h=t});return e.catch(()=>{}),e}},v=class e{
#u;#f;#p=!1;#y=!1;isDisturbed=!1;constructor(e,t){this.#u=e,this.#f=t,e.join()}get locked(){return this.#y}getReader(e){
if("byob"===e?.mode)return this.#w().getReader(e);if(this.#y)throw new TypeError("The body is locked to a reader");return this.#y=!0,
new T(()=>this.#o(),()=>this.#b(),()=>{this.#y=!1})}async cancel(){if(this.#y)throw new TypeError("The body is locked to a reader");return this.#b()}
async*values({preventCancel:e=!1}={}){const t=this.getReader();try{for(;;){const{done:e,value:r}=await t.read();if(e)return;yield r}}finally{
e||await t.cancel(),t.releaseLock()}}[Symbol.asyncIterator](){return this.values()}tee(){return this.#w().tee()}pipeTo(...e){return this.#w().pipeTo(...e)}
pipeThrough(...e){return this.#w().pipeThrough(...e)}clone(){return new e(this.#u,this.#f)}async#o(){this.isDisturbed=!0;const e=this.#f;let t
;this.#f=e.then(e=>e?.next),this.#f.catch(()=>{});try{t=await e}catch(e){if(!this.#p)throw e}return void 0===t||this.#p?{done:!0,value:void 0}:(this.#u.take(t),
{done:!1,value:t.bytes})}async#b(){this.isDisturbed=!0,this.#p||(this.#p=!0,this.#u.leave())}#w(){const e=this.getReader();return new ReadableStream({
type:"bytes",async pull(t){const{done:r,value:s}=await e.read();if(!r)return t.enqueue(s);t.close(),t.byobRequest?.respond(0)},cancel:()=>e.cancel()})}
},T=class{closed;#o;#b;#g;#m=!1;#v;#T;constructor(e,t,r){this.#o=e,this.#b=t,this.#g=r,this.closed=new Promise((e,t)=>{this.#v=()=>e(void 0),this.#T=t}),
this.closed.catch(()=>{})}async read(){this.#k();try{const e=await this.#o();return e.done&&this.#v(),e}catch(e){throw this.#T(e),e}}async cancel(){
return this.#k(),this.#v(),this.#b()}releaseLock(){this.#m||(this.#m=!0,this.#T(new TypeError("The reader was released")),this.#g())}#k(){
if(this.#m)throw new TypeError("The reader was released")}},k=3e5,E=[204,205,304];async function nodeFetch(e,t={}){
const r=w(e,t),{signal:n,url:c}=r,l="https:"===c.protocol?await a():await o(),u="stream"===r.body?.kind?await i():void 0,{Agent:f}=l,p=r.agent??s(c,f)
;return new Promise((e,t)=>{if(n?.aborted)throw n.reason;const{method:s,headers:o}=r,a=l.request(c.href,{__proto__:null,method:s,headers:o,agent:p,timeout:k})
;let i,f=!1;const y=e=>{i?.fail(e),t(e),a.destroy()},w=()=>y(n?.reason);n?.addEventListener("abort",w),a.once("close",()=>n?.removeEventListener("abort",w)),
a.on("error",e=>y(function(e){return delete e.rawPacket,delete e.cert,e}(e))),a.on("timeout",()=>y(O("ETIMEDOUT","nothing came for 300 seconds"))),
a.on("upgrade",()=>y(O("EPROTO","the server switched to another protocol"))),a.once("response",t=>{f=!0,async function(e,t,r){
const{statusCode:s=0,statusMessage:n="",rawHeaders:o}=t,a=new d(o)
;if("error"===e.redirect&&s>=300&&s<400&&a.has("location"))throw new TypeError(`fetch: the answer is a redirect (HTTP ${s}), and redirect is "error"`)
;t.on("error",()=>{});let i=null;if("HEAD"===e.method||E.includes(s))t.resume();else{const e=r(await h(t,a.get("content-encoding")??""));i=new v(e,e.first)}
const{origin:c,pathname:l,search:u}=e.url,f=c+l+u;return new g({status:s,statusText:n,headers:a,body:i,url:f})}(r,t,e=>(i=new m(e,()=>a.destroy()),i)).then(e,y)
});const{body:b}=r;var T,R;"stream"===b?.kind?u?.pipeline((T=b.chunks,R=u.Readable,"function"==typeof T.getReader?R.fromWeb(T):R.from(T)),a,e=>{e&&!f&&y(e)
}):a.end(b?.bytes)})}function O(e,t){return Object.assign(new Error(`fetch: ${t}`),{code:e})}var R=Symbol.for("daraja-auth/node-fetch/1"),x=L();function L(){
const e=Object.getOwnPropertyDescriptor(globalThis,R)
;return e&&Object.hasOwn(e,"value")&&!e.configurable&&"function"==typeof e.value?e.value:(Reflect.defineProperty(globalThis,R,{__proto__:null,value:nodeFetch}),
nodeFetch)}export{x as fetch};