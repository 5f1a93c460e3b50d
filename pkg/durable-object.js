import{DarajaError}from"daraja-auth";function invalidOption(message,hint){return new DarajaError(message,{code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint})}function kindOf(value){
return value==null?String(value):typeof value=="object"?"an object":`a ${typeof value}`}function hasMethods(value,methods){let object=value;return methods.split(
" ").every(name=>typeof object?.[name]=="function")}var DarajaTokenObject=class{#storage;constructor(state,env){this.#storage=state.storage}async fetch(request){let{expected,next,ttlMs}=await request.json(),now=Date.
now(),held=await this.#storage.get("record"),record=held&&held.expiresAt>now?{version:held.version,value:held.value}:null;if(!next)return Response.json({record,
now});let swapped=record?.version===next.version||(record?.version??null)===expected;return swapped&&await this.#storage.put("record",{...next,expiresAt:now+ttlMs}),
Response.json({swapped,now})}};function durableObjectStore(namespace){if(!hasMethods(namespace,"idFromName get"))throw invalidOption(`namespace: expected a Dura\
ble Object namespace, found ${hasMethods(namespace,"getWithMetadata")?"a KV namespace":kindOf(namespace)}`,"Pass the binding itself, env.DARAJA_TOKENS, whose cl\
ass is DarajaTokenObject.");let objects=namespace;async function ask(key,question){let response=await objects.get(objects.idFromName(key)).fetch("https://daraja\
-auth/",{method:"POST",body:JSON.stringify(question)});if(!response.ok)throw new Error(`the Durable Object answered HTTP ${response.status}`);return response.json()}
return{load:key=>ask(key,{}),compareAndSwap:(key,expected,{version,value},{ttlMs})=>ask(key,{expected,next:{version,value},ttlMs})}}export{DarajaTokenObject,durableObjectStore};
