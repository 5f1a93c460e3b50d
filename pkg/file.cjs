"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var file_exports={};__export(file_exports,{fileStore:()=>fileStore});module.exports=__toCommonJS(file_exports);var import_node_crypto=require("node:crypto"),import_node_fs=require("node:fs"),
import_promises=require("node:fs/promises"),import_node_path=require("node:path");var import_daraja_auth=require("daraja-auth");function invalidOption(message,hint){return new import_daraja_auth.DarajaError(message,{code:"ERR_DARAJA_INVALID_O\
PTION",retryable:!1,hint})}function kindOf(value){return value==null?String(value):typeof value=="object"?"an object":`a ${typeof value}`}var VERSION=/^[\w-]{1,128}$/,STRAY_AFTER_MS=36e5,MAX_LISTINGS=1e3,MAX_BYTES=1048576,HUNG_AFTER_MS=1e4;function fileStore(path){if(typeof path!="string"||path===
""||path.includes("\0")){let found=path===""?"an empty string":kindOf(path);throw invalidOption(`path: expected the path of a folder, found ${found}`,"It is mad\
e when it is first needed.")}let root=(0,import_node_path.resolve)(path),folderOf=key=>(0,import_node_path.join)(root,(0,import_node_crypto.createHash)("sha256").
update(key).digest("hex").slice(0,32)),turns=new Turns(root),isSwept=!1;async function swap(folder,expected,{version,value},ttlMs){let{head,names,record}=await contentsOf(
root,folder);if((record?.version??null)!==expected)return{swapped:!1};head===null&&await(0,import_promises.rename)(folder,(0,import_node_path.join)(root,`new-${version}`)).
catch(unlessGone),head==null&&(await make(root,folder),head="");let written=(0,import_node_path.join)(folder,`value.${version}`),next=(0,import_node_path.join)(
folder,`head.${version}`);try{await write(written,JSON.stringify({value,expiresAt:Date.now()+ttlMs})),await(0,import_promises.rename)((0,import_node_path.join)(
folder,`head.${head}`),next)}catch(error){let code=codeOf(error);if(code!=="EEXIST"&&await(0,import_promises.unlink)(written).catch(unlessGone),code!=="ENOENT")
throw error;return{swapped:!1}}let now=new Date;return await(0,import_promises.utimes)(next,now,now).catch(()=>{}),head!==""&&await(0,import_promises.unlink)((0,import_node_path.join)(
folder,`value.${head}`)).catch(()=>{}),await sweep(folder,names,head),isSwept||await sweepUnfinished(root),isSwept=!0,{swapped:!0}}return{load(key){return turns.
next(async()=>({record:(await contentsOf(root,folderOf(key))).record}))},async compareAndSwap(key,expected,next,{ttlMs}){if(!VERSION.test(next.version))throw invalidOption(
"version: expected letters, digits, - and _, found others","Use hex digits.");return turns.next(()=>swap(folderOf(key),expected,next,ttlMs))},watch(key,wake){let watcher,
isOver=!1;function start(){isOver||(watcher=(0,import_node_fs.watch)(folderOf(key),{persistent:!1},()=>wake()),watcher.on("error",()=>{}),wake())}return turns.next(
()=>(0,import_promises.stat)(folderOf(key))).then(start,()=>{}).catch(()=>{}),()=>{isOver=!0,watcher?.close()}}}}var Turns=class{#root;#last=Promise.resolve();#begunAt;constructor(root){
this.#root=root}async next(operation){if(this.#begunAt!==void 0&&performance.now()-this.#begunAt>HUNG_AFTER_MS)throw new Error(`${this.#root} has not answered f\
or ${HUNG_AFTER_MS} ms: its file system hangs`);let turn=this.#last.then(async()=>{this.#begunAt=performance.now();try{return await operation()}finally{this.#begunAt=
void 0}});return this.#last=turn.catch(()=>{}),turn}};async function contentsOf(root,folder){await refuseOpenFolder(root),await refuseOpenFolder(folder);let orphan;
for(let listing=0;listing<MAX_LISTINGS;listing++){let names=await(0,import_promises.readdir)(folder).catch(unlessGone);if(names===void 0)return{head:void 0,names:[],
record:null};let heads=names.filter(name=>name.startsWith("head.")),[only]=heads;if(only===void 0||heads.length>1)continue;let head=only.slice(5);if(head==="")return{
head,names,record:null};let text=await read((0,import_node_path.join)(folder,`value.${head}`)).catch(unlessGone);if(text!==void 0)return{head,names,record:recordOf(
head,text)};if(orphan===head)return{head,names,record:null};orphan=head}return{head:null,names:[],record:null}}async function refuseOpenFolder(path){if(process.
platform==="win32")return;let found=await(0,import_promises.stat)(path).catch(unlessGone);if(found&&(found.mode&2)!==0)throw new Error(`${path} may be written b\
y every user of this machine: use a folder of your own (chmod 700)`)}async function read(path){let file=await(0,import_promises.open)(path,import_node_fs.constants.
O_RDONLY|(import_node_fs.constants.O_NONBLOCK??0));try{let found=await file.stat();if(!found.isFile())throw new Error(`${path} is no regular file: remove it`);if(found.
size>MAX_BYTES)throw new Error(`${path} has over ${MAX_BYTES} bytes and is no record: remove it`);return await file.readFile("utf8")}finally{await file.close()}}
function recordOf(version,text){try{let{value,expiresAt}=JSON.parse(text);return expiresAt>Date.now()?{version,value}:null}catch{return null}}async function make(root,folder){
await(0,import_promises.mkdir)(root,{recursive:!0,mode:448});let beside=await(0,import_promises.mkdtemp)((0,import_node_path.join)(root,"new-"));await(0,import_promises.writeFile)(
(0,import_node_path.join)(beside,"head."),"",{mode:384}),await(0,import_promises.rename)(beside,folder).catch(async error=>{await(0,import_promises.rm)(beside,{
recursive:!0}),await(0,import_promises.stat)(folder).catch(()=>{throw error})})}async function write(path,text){let file=await(0,import_promises.open)(path,"wx",
384);try{await file.writeFile(text),await file.sync()}finally{await file.close()}}async function sweep(folder,names,head){for(let name of names){if(!name.startsWith(
"value.")||name===`value.${head}`)continue;let found=await(0,import_promises.stat)((0,import_node_path.join)(folder,name)).catch(()=>{});found&&found.mtimeMs<Date.
now()-STRAY_AFTER_MS&&await(0,import_promises.unlink)((0,import_node_path.join)(folder,name)).catch(()=>{})}}async function sweepUnfinished(root){for(let name of await(0,import_promises.readdir)(
root).catch(()=>[])){if(!name.startsWith("new-"))continue;let found=await(0,import_promises.stat)((0,import_node_path.join)(root,name)).catch(()=>{});!found||found.
mtimeMs>=Date.now()-STRAY_AFTER_MS||await(0,import_promises.rm)((0,import_node_path.join)(root,name),{recursive:!0,force:!0}).catch(()=>{})}}function codeOf(error){
return error.code}function unlessGone(error){if(codeOf(error)!=="ENOENT")throw error}0&&(module.exports={fileStore});
