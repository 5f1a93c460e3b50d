function ownOf(object){return Object.assign(Object.create(null),object)}function parseObject(text){try{let value=JSON.parse(text);return value!==null&&typeof value==
"object"&&!Array.isArray(value)?value:void 0}catch{return}}function propertyOf(object,name){let holder=object;for(let classes=0;classes<32;classes++){if(Object.hasOwn(holder,name))return object[name];if(holder=Object.getPrototypeOf(
holder),holder===null||Object.getPrototypeOf(holder)===null)return}}var SCHEMA=1,MAX_REFUSALS=8;function parseRecord(value){let isText=typeof value=="string"&&value.length<=65536;return ownOf(isText?parseObject(value):void 0)}function readRecord(json,token){
let{lease}=json,budget=membersOf(json.budget,"left","refilledAt");return{history:idOf(json.history),epoch:numberOf(json.epoch),token,obtainedAt:numberOf(json.obtainedAt),
expiresAt:numberOf(json.expiresAt),renewAt:numberOf(json.renewAt??json.rotateAt),dead:json.dead===!0,notBefore:numberOf(json.notBefore),failures:numberOf(json.failures),
lease:lease?leaseOf(membersOf(lease,"nonce","reason","durationMs","until")):void 0,budget:{left:numberOf(budget.left),refilledAt:numberOf(budget.refilledAt)},refusals:Object.
entries(json.refusals??{}).map(([endpoint,refusal])=>refusalOf(endpoint,membersOf(refusal,"epoch","nextForcedAt","gapMs"))).sort((a,b)=>a.nextForcedAt-b.nextForcedAt).
slice(-MAX_REFUSALS)}}function leaseOf({nonce,reason,durationMs,until=Number.MAX_SAFE_INTEGER}){return{nonce:idOf(nonce),reason:typeof reason=="string"?reason:"",durationMs:numberOf(
durationMs),until:numberOf(until)}}function refusalOf(endpoint,{epoch,nextForcedAt,gapMs}){return{endpoint:idOf(endpoint),epoch:numberOf(epoch),nextForcedAt:numberOf(
nextForcedAt),gapMs:numberOf(gapMs)}}function membersOf(value,...names){let isObject=typeof value=="object"&&value!==null;return Object.fromEntries(names.map(name=>[
name,isObject?propertyOf(value,name):void 0]))}function numberOf(value){return typeof value=="number"?value:0}function idOf(value){return typeof value=="string"&&
Number.parseInt(value,16)||0}function toHex(bytes){return Array.from(bytes,byte=>byte.toString(16).padStart(2,"0")).join("")}function recordKey(url,app){return`daraja-auth:v1:${new URL(url).origin}:${app}`}async function sharedName(consumerKey){let bytes=await crypto.subtle.digest("SH\
A-256",new TextEncoder().encode(consumerKey));return toHex(new Uint8Array(bytes).subarray(0,8))}export{SCHEMA,parseRecord,readRecord,recordKey,sharedName};
