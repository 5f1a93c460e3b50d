"use strict";var __create=Object.create;var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __getProtoOf=Object.getPrototypeOf,__hasOwnProp=Object.prototype.hasOwnProperty;var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toESM=(mod,isNodeMode,target)=>(target=mod!=null?__create(__getProtoOf(mod)):{},__copyProps(isNodeMode||!mod||!mod.__esModule?__defProp(target,"default",{
value:mod,enumerable:!0}):target,mod)),__toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var node_fetch_exports={};__export(node_fetch_exports,{fetch:()=>fetch});module.exports=__toCommonJS(node_fetch_exports);var PROXY_VARIABLES=["HTTP_PROXY","HTTPS_PROXY","NO_PROXY","http_proxy","https_proxy","no_proxy"],LOOPBACK=/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/,agents=new Map;
function agentFor(url,Agent){let isDirect=LOOPBACK.test(url.hostname),key=`${url.protocol}${isDirect}`,known=agents.get(key);if(known)return known;let proxyEnv=isDirect?
{}:proxyVariables(),agent=new Agent({keepAlive:!0,scheduling:"lifo",timeout:5e3,proxyEnv});return agents.set(key,agent),agent}function proxyVariables(){let set=PROXY_VARIABLES.
filter(name=>process.env[name]);return Object.fromEntries(set.map(name=>[name,process.env[name]]))}var load=(name,older)=>process.getBuiltinModule?.(name)??older(),builtin={http:()=>load("node:http",()=>import("node:http")),https:()=>load("node:https",()=>import("node:https")),
stream:()=>load("node:stream",()=>import("node:stream")),zlib:()=>load("node:zlib",()=>import("node:zlib"))};var MAX_CODINGS=5;async function decoded(message,contentEncoding){let codings=contentEncoding.toLowerCase().split(",").map(coding=>coding.trim()).filter(coding=>coding!==
""&&coding!=="identity");if(codings.length===0)return message;if(codings.length>MAX_CODINGS)throw new TypeError(`fetch: the answer has over ${MAX_CODINGS} conte\
nt codings`);let[{pipeline},library]=[await builtin.stream(),await builtin.zlib()];codings.reverse(),codings[0]==="deflate"&&await isRawDeflate(message)&&(codings[0]=
"raw deflate");let decoders=codings.map(coding=>decoderOf(coding,library));if(decoders.includes(void 0))return message;let[first,...rest]=decoders;return pipeline(
[message,first,...rest],()=>{})}async function isRawDeflate(message){let chunk=message.read();return chunk===null&&(await new Promise(resolve=>{for(let event of[
"readable","error","close"])message.once(event,resolve)}),chunk=message.read()),chunk===null?!1:(message.unshift(chunk),((chunk[0]??8)&15)!==8)}function decoderOf(coding,library){
let{Z_SYNC_FLUSH,BROTLI_OPERATION_FLUSH}=library.constants,lenient={flush:Z_SYNC_FLUSH,finishFlush:Z_SYNC_FLUSH};switch(coding){case"gzip":case"x-gzip":return library.
createGunzip(lenient);case"deflate":return library.createInflate(lenient);case"raw deflate":return library.createInflateRaw(lenient);case"br":return library.createBrotliDecompress(
{flush:BROTLI_OPERATION_FLUSH,finishFlush:BROTLI_OPERATION_FLUSH});default:return}}var ResponseHeaders=class{#values=new Map;constructor(raw){for(let i=0;i+1<raw.length;i+=2){let name=String(raw[i]).toLowerCase(),value=String(raw[i+1]),known=this.#values.
get(name);known?known.push(value):this.#values.set(name,[value])}}get(name){return this.#values.get(String(name).toLowerCase())?.join(", ")??null}has(name){return this.#values.
has(String(name).toLowerCase())}getSetCookie(){return[...this.#values.get("set-cookie")??[]]}*entries(){for(let name of[...this.#values.keys()].sort()){let values=this.#values.
get(name)??[];if(name==="set-cookie")for(let value of values)yield[name,value];else yield[name,values.join(", ")]}}*keys(){for(let[name]of this.entries())yield name}*values(){
for(let[,value]of this.entries())yield value}forEach(callback,self){for(let[name,value]of this.entries())callback.call(self,value,name,this)}[Symbol.iterator](){
return this.entries()}append(){throw new TypeError("Headers: those of a response cannot be changed")}set(){return this.append()}delete(){return this.append()}};var EXPECTED="a string, bytes, URLSearchParams, a Blob or a stream";function readBody(body){if(body!=null){if(typeof body=="string")return text(body,"text/plain\
;charset=UTF-8");if(ArrayBuffer.isView(body))return bytesOf(new Uint8Array(body.buffer,body.byteOffset,body.byteLength));switch(Object.prototype.toString.call(body)){case"\
[object ArrayBuffer]":case"[object SharedArrayBuffer]":return bytesOf(new Uint8Array(body));case"[object URLSearchParams]":return text(String(body),"application\
/x-www-form-urlencoded;charset=UTF-8");case"[object Blob]":case"[object File]":{let{type,size}=body;return{kind:"stream",chunks:body.stream(),length:size,...type&&
{type}}}}if(typeof body[Symbol.asyncIterator]=="function")return{kind:"stream",chunks:body};throw new TypeError(`fetch: expected the body to be ${EXPECTED}, fou\
nd ${nameOf(body)}`)}}function text(value,type){return{...bytesOf(Buffer.from(value,"utf8")),type}}function bytesOf(bytes){return{kind:"bytes",bytes,length:bytes.
byteLength}}function nameOf(value){if(typeof value!="object")return`a ${typeof value}`;let name=Object.prototype.toString.call(value).slice(8,-1);return name===
"Object"?"an object, which JSON.stringify makes a string":`an object of the class ${name}`}var FRAMING=["connection","expect","keep-alive","te","trailer","transfer-encoding","upgrade"],DEFAULTS={Accept:"*/*","Accept-Encoding":"gzip, deflate, br","User\
-Agent":"node"};function readRequest(input,init){let request=isRequest(input)?input:void 0,url=urlOf(request?.url??input);for(let name of["dispatcher","integrit\
y"])if(init[name])throw new TypeError(`fetch: the option ${name} is not supported here`);let method=String(init.method??request?.method??"GET").toUpperCase();if([
"CONNECT","TRACE","TRACK"].includes(method))throw new TypeError(`fetch: the method ${method} is not allowed`);let body=readBody(init.body??request?.body??void 0);
if(body&&["GET","HEAD"].includes(method))throw new TypeError(`fetch: a ${method} request cannot have a body`);let headers=headersOf(init.headers??request?.headers);
return["no-store","reload"].includes(init.cache??"")&&addMissing(headers,{Pragma:"no-cache","Cache-Control":"no-cache"}),addMissing(headers,DEFAULTS),body?.type&&
addMissing(headers,{"Content-Type":body.type}),body&&addMissing(headers,framingOf(body)),{url,method,headers:Object.fromEntries(headers.values()),body,signal:init.
signal??request?.signal??void 0,redirect:init.redirect??request?.redirect??"manual",agent:init.agent}}function isRequest(input){return typeof input?.url=="strin\
g"&&typeof input.arrayBuffer=="function"}function urlOf(input){let url=new URL(input);if(url.protocol!=="https:"&&url.protocol!=="http:")throw new TypeError(`fe\
tch: expected an http: or https: URL, found ${url.protocol}`);if(url.username||url.password)throw new TypeError("fetch: expected a URL without a user name and a\
 password");return url}function headersOf(given){let headers=new Map,isIterable=typeof given?.[Symbol.iterator]=="function";for(let pair of isIterable?given:Object.
entries(given??{})){if(!Array.isArray(pair)||pair.length!==2)throw new TypeError("fetch: expected pairs of a header's name and value");let[name,value]=pair.map(
String),key=name.toLowerCase();if(FRAMING.includes(key))throw new TypeError(`fetch: the header ${name} cannot be set, since Node sets it`);if(key==="content-len\
gth")continue;let known=headers.get(key),text2=value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g,"");headers.set(key,[name,known?`${known[1]}, ${text2}`:text2])}return headers}
function framingOf({length}){return length===void 0?{"Transfer-Encoding":"chunked"}:{"Content-Length":String(length)}}function addMissing(headers,more){for(let[
name,value]of Object.entries(more))headers.has(name.toLowerCase())||headers.set(name.toLowerCase(),[name,value])}var FetchResponse=class _FetchResponse{status;statusText;ok;headers;body;url;redirected=!1;type="basic";constructor({status,statusText,headers,body,url}){this.status=
status,this.statusText=statusText,this.ok=status>=200&&status<300,this.headers=headers,this.body=body,this.url=url}get bodyUsed(){return this.body?.isDisturbed??
!1}async bytes(){this.#refuseUsed();let pieces=[];for await(let piece of this.body??[])pieces.push(piece);let bytes=new Uint8Array(pieces.reduce((sum,{byteLength})=>sum+
byteLength,0)),at=0;for(let piece of pieces)bytes.set(piece,at),at+=piece.byteLength;return bytes}async arrayBuffer(){return(await this.bytes()).buffer}async text(){
return new TextDecoder().decode(await this.bytes())}async json(){return JSON.parse(await this.text())}async blob(){return new Blob([await this.bytes()],{type:this.
headers.get("content-type")??""})}async formData(){let headers={"Content-Type":this.headers.get("content-type")??""};return new Response(await this.bytes(),{headers}).
formData()}clone(){this.#refuseUsed();let{status,statusText,headers,url}=this;return new _FetchResponse({status,statusText,headers,body:this.body?.clone()??null,
url})}#refuseUsed(){if(this.bodyUsed||this.body?.locked)throw new TypeError("The body is used: it was read, cancelled or locked")}};var Inflow=class{first;#readers=0;#isOver=!1;#received=0;#read=0;#stream;#stop;#resolve;#reject;constructor(stream,stop){this.#stream=stream,this.#stop=stop,this.
first=this.#promise(),stream.on("data",chunk=>this.#add(chunk)),stream.on("end",()=>{this.#isOver=!0,this.#resolve(void 0)}),stream.on("error",error=>this.fail(
error));let cut=()=>this.fail(stream.errored??Object.assign(new Error("fetch: the body broke off"),{code:"ECONNRESET"}));stream.on("close",cut),stream.destroyed&&
cut()}fail(error){this.#isOver=!0,this.#reject(error)}join(){this.#readers+=1}leave(){this.#readers-=1,this.#readers===0&&!this.#isOver&&this.#stop()}take({end}){
this.#read=Math.max(this.#read,end),this.#received-this.#read<65536&&this.#stream.isPaused()&&this.#stream.resume()}#add({buffer,byteOffset,byteLength}){this.#received+=
byteLength,this.#received-this.#read>=65536&&this.#stream.pause();let resolve=this.#resolve,bytes=new Uint8Array(buffer,byteOffset,byteLength);resolve({bytes,end:this.#received,
next:this.#promise()})}#promise(){let promise=new Promise((resolve,reject)=>{this.#resolve=resolve,this.#reject=reject});return promise.catch(()=>{}),promise}},
ResponseStream=class _ResponseStream{#inflow;#next;#isCancelled=!1;#isLocked=!1;isDisturbed=!1;constructor(inflow,next){this.#inflow=inflow,this.#next=next,inflow.
join()}get locked(){return this.#isLocked}getReader(options){if(options?.mode==="byob")return this.#standard().getReader(options);if(this.#isLocked)throw new TypeError(
"The body is locked to a reader");return this.#isLocked=!0,new Reader(()=>this.#read(),()=>this.#cancel(),()=>{this.#isLocked=!1})}async cancel(){if(this.#isLocked)
throw new TypeError("The body is locked to a reader");return this.#cancel()}async*values({preventCancel=!1}={}){let reader=this.getReader();try{for(;;){let{done,
value}=await reader.read();if(done)return;yield value}}finally{preventCancel||await reader.cancel(),reader.releaseLock()}}[Symbol.asyncIterator](){return this.values()}tee(){
return this.#standard().tee()}pipeTo(...args){return this.#standard().pipeTo(...args)}pipeThrough(...args){return this.#standard().pipeThrough(...args)}clone(){
return new _ResponseStream(this.#inflow,this.#next)}async#read(){this.isDisturbed=!0;let coming=this.#next;this.#next=coming.then(piece2=>piece2?.next),this.#next.
catch(()=>{});let piece;try{piece=await coming}catch(error){if(!this.#isCancelled)throw error}return piece===void 0||this.#isCancelled?{done:!0,value:void 0}:(this.#inflow.
take(piece),{done:!1,value:piece.bytes})}async#cancel(){this.isDisturbed=!0,!this.#isCancelled&&(this.#isCancelled=!0,this.#inflow.leave())}#standard(){let reader=this.
getReader();return new ReadableStream({type:"bytes",async pull(controller){let{done,value}=await reader.read();if(!done)return controller.enqueue(value);controller.
close(),controller.byobRequest?.respond(0)},cancel:()=>reader.cancel()})}},Reader=class{closed;#read;#cancel;#unlock;#isReleased=!1;#end;#fail;constructor(read,cancel,unlock){
this.#read=read,this.#cancel=cancel,this.#unlock=unlock,this.closed=new Promise((resolve,reject)=>{this.#end=()=>resolve(void 0),this.#fail=reject}),this.closed.
catch(()=>{})}async read(){this.#refuseReleased();try{let result=await this.#read();return result.done&&this.#end(),result}catch(error){throw this.#fail(error),
error}}async cancel(){return this.#refuseReleased(),this.#end(),this.#cancel()}releaseLock(){this.#isReleased||(this.#isReleased=!0,this.#fail(new TypeError("Th\
e reader was released")),this.#unlock())}#refuseReleased(){if(this.#isReleased)throw new TypeError("The reader was released")}};var IDLE_MS=3e5,WITHOUT_BODY=[204,205,304];async function fetch(input,init={}){let request=readRequest(input,init),{signal,url}=request,http=url.protocol==="htt\
ps:"?await builtin.https():await builtin.http(),stream=request.body?.kind==="stream"?await builtin.stream():void 0,{Agent}=http,agent=request.agent??agentFor(url,
Agent);return new Promise((resolve,reject)=>{if(signal?.aborted)throw signal.reason;let{method,headers}=request,outgoing=http.request(url,{method,headers,agent,
timeout:IDLE_MS}),inflow,isAnswered=!1,fail=error=>{inflow?.fail(error),reject(error),outgoing.destroy()},abort=()=>fail(signal?.reason);signal?.addEventListener(
"abort",abort),outgoing.once("close",()=>signal?.removeEventListener("abort",abort)),outgoing.on("error",error=>fail(withoutAnswer(error))),outgoing.on("timeout",
()=>fail(failure("ETIMEDOUT",`nothing came for ${IDLE_MS/1e3} seconds`))),outgoing.on("upgrade",()=>fail(failure("EPROTO","the server switched to another protoc\
ol"))),outgoing.once("response",message=>{isAnswered=!0,respond(request,message,body2=>(inflow=new Inflow(body2,()=>outgoing.destroy()),inflow)).then(resolve,fail)});
let{body}=request;body?.kind==="stream"?stream?.pipeline(streamOf(body.chunks,stream.Readable),outgoing,error=>{error&&!isAnswered&&fail(error)}):outgoing.end(body?.
bytes)})}async function respond(request,message,flow){let{statusCode:status=0,statusMessage:statusText="",rawHeaders}=message,headers=new ResponseHeaders(rawHeaders);
if(request.redirect==="error"&&status>=300&&status<400&&headers.has("location"))throw new TypeError(`fetch: the answer is a redirect (HTTP ${status}), and redir\
ect is "error"`);message.on("error",()=>{});let body=null;if(request.method==="HEAD"||WITHOUT_BODY.includes(status))message.resume();else{let inflow=flow(await decoded(
message,headers.get("content-encoding")??""));body=new ResponseStream(inflow,inflow.first)}let{origin,pathname,search}=request.url,url=origin+pathname+search;return new FetchResponse(
{status,statusText,headers,body,url})}function withoutAnswer(error){return delete error.rawPacket,delete error.cert,error}function failure(code,message){return Object.
assign(new Error(`fetch: ${message}`),{code})}function streamOf(chunks,Stream){return typeof chunks.getReader=="function"?Stream.fromWeb(chunks):Stream.from(chunks)}0&&(module.exports={fetch});
