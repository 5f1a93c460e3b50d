"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var r=Object.getOwnPropertyNames;var n=Object.prototype.hasOwnProperty
;var o=(t,r)=>{for(var n of Object.keys(r))e(t,n,{get:r[n],enumerable:true})};var a=(o,a,s,i)=>{if(a&&typeof a==="object"||typeof a==="function"){
for(let c of r(a))if(!n.call(o,c)&&c!==s)e(o,c,{get:()=>a[c],enumerable:!(i=t(a,c))||i.enumerable})}return o};var s=t=>a(e({},"__esModule",{value:true}),t)
;var i={};o(i,{dynamodbStore:()=>dynamodbStore});module.exports=s(i);var c=32;function u(e,t){let r=e;for(let n=0;n<c;n++){if(Object.hasOwn(r,t))return e[t]
;r=Object.getPrototypeOf(r);if(r===null||Object.getPrototypeOf(r)===null)return void 0}return void 0}var l=Symbol("unreadable");function d(e,t){
const r=Object.create(null);for(const n of t.split(", ")){try{const t=u(e,n);if(t!==void 0)r[n]=t}catch{r[n]=l}}const n=f(e,t);if(n!==void 0)r[n]=void 0
;return r}function f(e,t){try{const r=t.split(", ");const n=Reflect.ownKeys(e).find(e=>typeof e==="string"&&!r.includes(e));return n?.slice(0,200)}catch{
return void 0}}var p="Name its authority's file in NODE_EXTRA_CA_CERTS";var y="Raise Node's --network-family-autoselection-attempt-timeout"
;var v=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function m({code:e,errors:t}){if(v.test(String(e)))return p
;if(!Array.isArray(t))return void 0;return[e,...t.map(e=>e?.code)].includes("ETIMEDOUT")?y:void 0}var b=require("daraja-auth");function w(e,t){
return new b.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function O(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}function h(e,t){const r=e;return t.split(" ").every(e=>typeof r?.[e]==="function")}
function E({value:e}){if(e.isWellFormed?.()!==false)return;throw w("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")
}function g(e){const{name:t,code:r=t,message:n,errors:o}=e??{};const a=Array.isArray(o)?`none of several addresses answered: ${o[0]?.message}`:r
;const[s]=String(n||a).split(", command was:");const i=m({code:r,errors:o});return Object.assign(new Error(i?`${s}. ${i}`:s),{code:r})}
function dynamodbStore(e,t){const{table:r}=d(t??{},"table");if(!h(e,"get put")){
throw w(`client: expected a DynamoDBDocument, found ${h(e,"send")?"a client that has only send":O(e)}`,'DynamoDBDocument.from(new DynamoDBClient()), of "@aws-sdk/lib-dynamodb", has the methods. So has DocumentClient of version 2.')
}if(typeof r!=="string"||r===""){throw w(`table: expected a table's name, found ${O(r)}`,"Its partition key is a string named key.")}async function n(t,n){
const o=e;const a=o[t]({TableName:r,...n});return h(a,"promise")?a.promise():a}return{async load(e){const t=await n("get",{Key:{key:e},ConsistentRead:true
}).catch(e=>{throw g(e)});if(Object(t)!==t)throw new Error("the client gave no answer: expected an object");const r=u(t,"Item");return{
record:r&&r.expiresAt>Date.now()?{version:r.version,value:r.value}:null}},async compareAndSwap(e,t,r,{ttlMs:o}){E(r);const a=Date.now();const s=a+o
;const i=t===null?"attribute_not_exists(#key) OR #until <= :now":"#version = :expected AND #until > :now";try{await n("put",{Item:{key:e,version:r.version,
value:r.value,expiresAt:s,ttl:Math.ceil(s/1e3)},ConditionExpression:`(${i}) OR #version = :next`,ExpressionAttributeNames:{"#version":"version",
"#until":"expiresAt",...t===null&&{"#key":"key"}},ExpressionAttributeValues:{":next":r.version,":now":a,...t!==null&&{":expected":t}}});return{swapped:true}
}catch(e){const{name:t,code:r}=e??{};if([t,r].includes("ConditionalCheckFailedException"))return{swapped:false};throw g(e)}}}}0&&(module.exports={dynamodbStore
});