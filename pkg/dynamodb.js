function e(e,t){let n=e;for(let o=0;o<32;o++){if(Object.hasOwn(n,t))return e[t];if(n=Object.getPrototypeOf(n),null===n||null===Object.getPrototypeOf(n))return}}
var t=Symbol("unreadable");function n(n,o){const r=Object.create(null);for(const i of o.split(", "))try{const t=e(n,i);void 0!==t&&(r[i]=t)}catch{r[i]=t}
const i=function(e,t){try{const n=t.split(", "),o=Reflect.ownKeys(e).find(e=>"string"==typeof e&&!n.includes(e));return o?.slice(0,200)}catch{return}}(n,o)
;return void 0!==i&&(r[i]=void 0),r}var o=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;import{DarajaError}from"daraja-auth";function r(e,t){
return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}function i(e){
return null==e?String(e):"object"==typeof e?"an object":"a "+typeof e}function s(e,t){const n=e;return t.split(" ").every(e=>"function"==typeof n?.[e])}
function a(e){
const{name:t,code:n=t,message:r,errors:i}=e??{},s=Array.isArray(i)?`none of several addresses answered: ${i[0]?.message}`:n,[a]=String(r||s).split(", command was:"),c=function({code:e,errors:t}){
return o.test(String(e))?"Name its authority's file in NODE_EXTRA_CA_CERTS":Array.isArray(t)&&[e,...t.map(e=>e?.code)].includes("ETIMEDOUT")?"Raise Node's --network-family-autoselection-attempt-timeout":void 0
}({code:n,errors:i});return Object.assign(new Error(c?`${a}. ${c}`:a),{code:n})}function dynamodbStore(t,o){const{table:c}=n(o??{},"table")
;if(!s(t,"get put"))throw r(`client: expected a DynamoDBDocument, found ${s(t,"send")?"a client that has only send":i(t)}`,'DynamoDBDocument.from(new DynamoDBClient()), of "@aws-sdk/lib-dynamodb", has the methods. So has DocumentClient of version 2.')
;if("string"!=typeof c||""===c)throw r(`table: expected a table's name, found ${i(c)}`,"Its partition key is a string named key.");async function l(e,n){
const o=t[e]({TableName:c,...n});return s(o,"promise")?o.promise():o}return{async load(t){const n=await l("get",{Key:{key:t},ConsistentRead:!0}).catch(e=>{
throw a(e)});if(Object(n)!==n)throw new Error("the client gave no answer: expected an object");const o=e(n,"Item");return{record:o&&o.expiresAt>Date.now()?{
version:o.version,value:o.value}:null}},async compareAndSwap(e,t,n,{ttlMs:o}){!function({value:e}){
if(!1===e.isWellFormed?.())throw r("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}(n)
;const i=Date.now(),s=i+o,c=null===t?"attribute_not_exists(#key) OR #until <= :now":"#version = :expected AND #until > :now";try{return await l("put",{Item:{
key:e,version:n.version,value:n.value,expiresAt:s,ttl:Math.ceil(s/1e3)},ConditionExpression:`(${c}) OR #version = :next`,ExpressionAttributeNames:{
"#version":"version","#until":"expiresAt",...null===t&&{"#key":"key"}},ExpressionAttributeValues:{":next":n.version,":now":i,...null!==t&&{":expected":t}}}),{
swapped:!0}}catch(e){const{name:t,code:n}=e??{};if([t,n].includes("ConditionalCheckFailedException"))return{swapped:!1};throw a(e)}}}}export{dynamodbStore};