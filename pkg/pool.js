import{DarajaError as e,TokenManager}from"daraja-auth";import{DarajaError}from"daraja-auth";function t(e,t){return new DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}function s(e){return null==e?String(e):"object"==typeof e?"an object":"a "+typeof e}
var o=100,n=Symbol.asyncDispose??Symbol(),TokenPool=class{static name="TokenPool";#e;#t;#s=new Map;#o=new Set;#n=new Map;#i=0;#a=0;#r=!1;#h=()=>{}
;constructor(e){const{app:n,maxIdle:i=o}=(a=e??{},Object.getPrototypeOf(a)===Object.prototype?{__proto__:null,...a}:a);var a
;if("function"!=typeof n)throw t(`app: expected a function, found ${s(n)}`,"It gives the options of an app's manager.");if(!(Number.isInteger(i)&&i>=0)){
throw t(`maxIdle: expected a whole number, 0 or more, found ${"number"==typeof i?"another number":s(i)}`,"The default is 100.")}this.#e=n,this.#t=i}
async use(e,t){const s=await this.#l(e);try{return await t(s.tokens)}finally{this.#p(e,s)}}getToken(e,t){return this.use(e,e=>e.getToken(t))}fetch(e,t,s){
return this.use(e,e=>e.fetch(t,s))}forget(e){this.#a++;const t=this.#s.get(e);this.#s.delete(e),this.#n.delete(e)?t?.tokens.close():t&&this.#o.add(t)}close(){
this.#r=!0;for(const{tokens:e}of[...this.#s.values(),...this.#o])e.close();this.#s.clear(),this.#n.clear()}async[n](){this.#r=!0,
this.#i>0&&await new Promise(e=>{this.#h=e}),this.close()}async#l(e){if("string"!=typeof e||""===e){
throw t(`id: expected a text that names an app, found ${""===e?"an empty one":s(e)}`,"The function app is called with it.")}
const o=this.#s.get(e)??await this.#d(e);if(this.#r)throw i();return this.#s.set(e,o),this.#n.delete(e),o.users++,this.#i++,o}async#d(e){for(;;){
if(this.#r)throw i();const t=this.#a,s=await this.#e(e),o=this.#s.get(e);if(o)return o;if(t===this.#a&&!this.#r){const t={tokens:new TokenManager(s),users:0}
;return this.#s.set(e,t),t}}}#p(e,t){t.users--,this.#i--,0===t.users&&(this.#s.get(e)===t?this.#n.set(e,t):t.tokens.close(),this.#o.delete(t))
;for(const[e,{tokens:t}]of this.#n){if(this.#n.size<=this.#t)break;this.#n.delete(e),this.#s.delete(e),t.close()}0===this.#i&&this.#h()}};function i(){
return new e("the pool was closed",{code:"ERR_DARAJA_CLOSED",retryable:!1,hint:"Make a TokenPool when your program starts, and close it when it ends."})}
export{TokenPool};