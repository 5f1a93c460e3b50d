function propertyOf(object,name){let holder=object;for(let classes=0;classes<32;classes++){if(Object.hasOwn(holder,name))return object[name];if(holder=Object.getPrototypeOf(
holder),holder===null||Object.getPrototypeOf(holder)===null)return}}var UNREADABLE=Symbol("unreadable");function copyOptions(object,names){let copy=Object.create(
null);for(let name of names.split(" "))try{let value=propertyOf(object,name);value!==void 0&&(copy[name]=value)}catch{copy[name]=UNREADABLE}let unknown=unknownOption(
object,names);return unknown!==void 0&&(copy[unknown]=void 0),copy}function unknownOption(options,known){try{let names=known.split(" ");return Reflect.ownKeys(options).find(name=>typeof name=="string"&&!names.includes(name))?.slice(
0,200)}catch{return}}import{DarajaError}from"daraja-auth";function invalidOption(message,hint){return new DarajaError(message,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint})}function kindOf(value){
return value==null?String(value):typeof value=="object"?"an object":`a ${typeof value}`}function hasMethods(value,methods){let object=value;return methods.split(
" ").every(name=>typeof object?.[name]=="function")}function checkWellFormed({value}){if(value.isWellFormed?.()===!1)throw invalidOption("value: expected well-formed text, found half a surrogate pair","JSON.strin\
gify escapes it.")}var UNKNOWN_AUTHORITY=/SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;function clientError(error){let{name,code=name,message,errors}=error??
{},first=Array.isArray(errors)?`none of several addresses answered: ${errors[0]?.message}`:code,[text]=String(message||first).split(", command was:"),hint="";return UNKNOWN_AUTHORITY.
test(String(code))&&(hint=". Name its authority's file in NODE_EXTRA_CA_CERTS"),code==="ETIMEDOUT"&&Array.isArray(errors)&&(hint=". Raise Node's --network-famil\
y-autoselection-attempt-timeout"),Object.assign(new Error(text+hint),{code})}function dynamodbStore(client,options){let{table}=copyOptions(options??{},"table");if(!hasMethods(client,"get put"))throw invalidOption(`client: expected a Dyna\
moDBDocument, found ${hasMethods(client,"send")?"a client that has only send":kindOf(client)}`,'DynamoDBDocument.from(new DynamoDBClient()), of "@aws-sdk/lib-dy\
namodb", has the methods. So has DocumentClient of version 2.');if(typeof table!="string"||table==="")throw invalidOption(`table: expected a table's name, found\
 ${kindOf(table)}`,"Its partition key is a string named key.");async function send(operation,input){let request=client[operation]({TableName:table,...input});return hasMethods(
request,"promise")?request.promise():request}return{async load(key){let output=await send("get",{Key:{key},ConsistentRead:!0}).catch(error=>{throw clientError(error)});
if(Object(output)!==output)throw new Error("the client gave no answer: expected an object");let item=propertyOf(output,"Item");return{record:item&&item.expiresAt>
Date.now()?{version:item.version,value:item.value}:null}},async compareAndSwap(key,expected,next,{ttlMs}){checkWellFormed(next);let now=Date.now(),expiresAt=now+
ttlMs,isFree=expected===null?"attribute_not_exists(#key) OR #until <= :now":"#version = :expected AND #until > :now";try{return await send("put",{Item:{key,version:next.
version,value:next.value,expiresAt,ttl:Math.ceil(expiresAt/1e3)},ConditionExpression:`(${isFree}) OR #version = :next`,ExpressionAttributeNames:{"#version":"ver\
sion","#until":"expiresAt",...expected===null&&{"#key":"key"}},ExpressionAttributeValues:{":next":next.version,":now":now,...expected!==null&&{":expected":expected}}}),
{swapped:!0}}catch(error){let{name,code}=error??{};if([name,code].includes("ConditionalCheckFailedException"))return{swapped:!1};throw clientError(error)}}}}export{dynamodbStore};
