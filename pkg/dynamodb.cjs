"use strict";var e=Object.defineProperty;var t=Object.getOwnPropertyDescriptor;var n=Object.getOwnPropertyNames;var r=Object.prototype.hasOwnProperty
;var o=(t,n)=>{for(var r in n)e(t,r,{get:n[r],enumerable:true})};var a=(o,a,i,s)=>{if(a&&typeof a==="object"||typeof a==="function"){
for(let c of n(a))if(!r.call(o,c)&&c!==i)e(o,c,{get:()=>a[c],enumerable:!(s=t(a,c))||s.enumerable})}return o};var i=t=>a(e({},"__esModule",{value:true}),t)
;var s={};o(s,{dynamodbStore:()=>dynamodbStore});module.exports=i(s);var c=32;function u(e,t){let n=e;for(let r=0;r<c;r++){if(Object.hasOwn(n,t))return e[t]
;n=Object.getPrototypeOf(n);if(n===null||Object.getPrototypeOf(n)===null)return void 0}return void 0}var l=Symbol("unreadable");function d(e,t){
const n=Object.create(null);for(const r of t.split(", ")){try{const t=u(e,r);if(t!==void 0)n[r]=t}catch{n[r]=l}}const r=f(e,t);if(r!==void 0)n[r]=void 0
;return n}function f(e,t){try{const n=t.split(", ");const r=Reflect.ownKeys(e).find(e=>typeof e==="string"&&!n.includes(e));return r?.slice(0,200)}catch{
return void 0}}var p="Name its authority's file in NODE_EXTRA_CA_CERTS";var y="Raise Node's --network-family-autoselection-attempt-timeout"
;var v=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function m({code:e,errors:t}){if(v.test(String(e)))return p
;if(!Array.isArray(t))return void 0;return[e,...t.map(e=>e?.code)].includes("ETIMEDOUT")?y:void 0}var b=require("daraja-auth");function w(e,t){
return new b.DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:false,hint:t})}function h(e){if(e===null||e===void 0)return String(e)
;return typeof e==="object"?"an object":`a ${typeof e}`}function O(e,t){const n=e;return t.split(" ").every(e=>typeof n?.[e]==="function")}
function E({value:e}){if(e.isWellFormed?.()!==false)return;throw w("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")
}function g(e){const{name:t,code:n=t,message:r,errors:o}=e??{};const a=Array.isArray(o)?`none of several addresses answered: ${o[0]?.message}`:n
;const[i]=String(r||a).split(", command was:");const s=m({code:n,errors:o});return Object.assign(new Error(s?`${i}. ${s}`:i),{code:n})}
function dynamodbStore(e,t){const{table:n}=d(t??{},"table");if(!O(e,"get put")){
throw w(`client: expected a DynamoDBDocument, found ${O(e,"send")?"a client that has only send":h(e)}`,'DynamoDBDocument.from(new DynamoDBClient()), of "@aws-sdk/lib-dynamodb", has the methods. So has DocumentClient of version 2.')
}if(typeof n!=="string"||n===""){throw w(`table: expected a table's name, found ${h(n)}`,"Its partition key is a string named key.")}async function r(t,r){
const o=e;const a=o[t]({TableName:n,...r});return O(a,"promise")?a.promise():a}return{async load(e){const t=await r("get",{Key:{key:e},ConsistentRead:true
}).catch(e=>{throw g(e)});if(Object(t)!==t)throw new Error("the client gave no answer: expected an object");const n=u(t,"Item");return{
record:n&&n.expiresAt>Date.now()?{version:n.version,value:n.value}:null}},async compareAndSwap(e,t,n,{ttlMs:o}){E(n);const a=Date.now();const i=a+o
;const s=t===null?"attribute_not_exists(#key) OR #until <= :now":"#version = :expected AND #until > :now";try{await r("put",{Item:{key:e,version:n.version,
value:n.value,expiresAt:i,ttl:Math.ceil(i/1e3)},ConditionExpression:`(${s}) OR #version = :next`,ExpressionAttributeNames:{"#version":"version",
"#until":"expiresAt",...t===null&&{"#key":"key"}},ExpressionAttributeValues:{":next":n.version,":now":a,...t!==null&&{":expected":t}}});return{swapped:true}
}catch(e){const{name:t,code:n}=e??{};if([t,n].includes("ConditionalCheckFailedException"))return{swapped:false};throw g(e)}}}}0&&(module.exports={dynamodbStore
});