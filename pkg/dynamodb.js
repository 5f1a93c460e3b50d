function e(e,t){let n=e;for(let o=0;o<32;o++){if(Object.hasOwn(n,t))return e[t];if(n=Object.getPrototypeOf(n),null===n||null===Object.getPrototypeOf(n))return}}
var t=Symbol("unreadable");function n(n,o){const r=Object.create(null);for(const i of o.split(" "))try{const t=e(n,i);void 0!==t&&(r[i]=t)}catch{r[i]=t}
const i=function(e,t){try{const n=t.split(" "),o=Reflect.ownKeys(e).find(e=>"string"==typeof e&&!n.includes(e));return o?.slice(0,200)}catch{return}}(n,o)
;return void 0!==i&&(r[i]=void 0),r}import{DarajaError}from"daraja-auth";function o(e,t){return new DarajaError(e,{code:"ERR_DARAJA_INVALID_OPTION",
retryable:!1,hint:t})}function r(e){return null==e?String(e):"object"==typeof e?"an object":"a "+typeof e}function i(e,t){const n=e
;return t.split(" ").every(e=>"function"==typeof n?.[e])}var s=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function a(e){
const{name:t,code:n=t,message:o,errors:r}=e??{},i=Array.isArray(r)?`none of several addresses answered: ${r[0]?.message}`:n,[a]=String(o||i).split(", command was:")
;let c="";return s.test(String(n))&&(c=". Name its authority's file in NODE_EXTRA_CA_CERTS"),
"ETIMEDOUT"===n&&Array.isArray(r)&&(c=". Raise Node's --network-family-autoselection-attempt-timeout"),Object.assign(new Error(a+c),{code:n})}
function dynamodbStore(t,s){const{table:c}=n(s??{},"table")
;if(!i(t,"get put"))throw o(`client: expected a DynamoDBDocument, found ${i(t,"send")?"a client that has only send":r(t)}`,'DynamoDBDocument.from(new DynamoDBClient()), of "@aws-sdk/lib-dynamodb", has the methods. So has DocumentClient of version 2.')
;if("string"!=typeof c||""===c)throw o(`table: expected a table's name, found ${r(c)}`,"Its partition key is a string named key.");async function l(e,n){
const o=t[e]({TableName:c,...n});return i(o,"promise")?o.promise():o}return{async load(t){const n=await l("get",{Key:{key:t},ConsistentRead:!0}).catch(e=>{
throw a(e)});if(Object(n)!==n)throw new Error("the client gave no answer: expected an object");const o=e(n,"Item");return{record:o&&o.expiresAt>Date.now()?{
version:o.version,value:o.value}:null}},async compareAndSwap(e,t,n,{ttlMs:r}){!function({value:e}){
if(!1===e.isWellFormed?.())throw o("value: expected well-formed text, found half a surrogate pair","JSON.stringify escapes it.")}(n)
;const i=Date.now(),s=i+r,c=null===t?"attribute_not_exists(#key) OR #until <= :now":"#version = :expected AND #until > :now";try{return await l("put",{Item:{
key:e,version:n.version,value:n.value,expiresAt:s,ttl:Math.ceil(s/1e3)},ConditionExpression:`(${c}) OR #version = :next`,ExpressionAttributeNames:{
"#version":"version","#until":"expiresAt",...null===t&&{"#key":"key"}},ExpressionAttributeValues:{":next":n.version,":now":i,...null!==t&&{":expected":t}}}),{
swapped:!0}}catch(e){const{name:t,code:n}=e??{};if([t,n].includes("ConditionalCheckFailedException"))return{swapped:!1};throw a(e)}}}}export{dynamodbStore};