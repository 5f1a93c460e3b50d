import{DarajaError as e,isTokenRejected}from"daraja-auth";import{DarajaError}from"daraja-auth";function t(e,t){return new DarajaError(e,{
code:"ERR_DARAJA_INVALID_OPTION",retryable:!1,hint:t})}function r(e){return null==e?String(e):"object"==typeof e?"an object":"a "+typeof e}var n=2147483647
;var o=Symbol("aborted"),a=Symbol("timeout");function s(e,t,r){let n,s;return new Promise((c,u)=>{if(t?.aborted)return u(o);t&&(s=function(e,t){
const r=i.get(e),n=r??function(){const e=new Set,t=()=>{for(const t of e)t()};return{aborts:e,listener:t}}(),{aborts:o,listener:a}=n;o.add(t),
void 0===r&&(e.addEventListener("abort",a),i.set(e,n));return()=>{o.delete(t),o.size>0||(i.delete(e),e.removeEventListener("abort",a))}}(t,()=>u(o))),
n=setTimeout(()=>u(a),e),r().then(c,u)}).finally(()=>{clearTimeout(n),function(e){try{e()?.then?.(void 0,()=>{})}catch{}}(()=>s?.())})}var i=new WeakMap
;function withDaraja(o,a){const{defaults:i,interceptors:d,create:p}=o??{};if(!i||"function"!=typeof d?.request?.use||"function"!=typeof p){
const e="Pass axios.create() of axios 1, or of axios 0.22 or later.";throw t(`client: expected a client of axios, found ${r(o)}`,e)}
if("function"!=typeof a?.getToken||"string"!=typeof a.baseUrl){const e="Pass the TokenManager of the app: withDaraja(axios.create(), tokens)."
;throw t(`tokens: expected a TokenManager, found ${r(a)}`,e)}i.baseURL??=a.baseUrl;const h=function(e){const t=e()
;for(const e of Object.keys(t.defaults))delete t.defaults[e];return t.defaults.headers={},t}(p);return d.request.use(r=>({...r,
adapter:o=>async function(r,o,a,i){const d=function({url:e="",baseURL:r="",allowAbsoluteUrls:n=!0},o){
const a=/^([a-z][a-z\d+\-.]*:)?\/\//i.test(e)&&n,s=a||!r?e:`${r.replace(/\/+$/,"")}/${e.replace(/^\/+/,"")}`;let i;try{const e=new URL(s);if(i=e.origin,
i===new URL(o).origin&&e.protocol===new URL(o).protocol)return e}catch{}
throw t("url: expected the environment's origin, found "+(void 0===i?"no URL":"another origin"),"The token goes to the environment's host, or to baseUrl, only. Use another client of axios for others.")
}(r,i.baseUrl),{signal:p}=r,h=async e=>{const t=await a.request({...r,adapter:o.adapter,headers:{...l(r.headers),Authorization:`Bearer ${e}`},auth:void 0,
maxRedirects:0,fetchOptions:{...r.fetchOptions,redirect:"manual"},transformRequest:c,transformResponse:c}).then(e=>({answer:e,failure:void 0}),e=>({
answer:e?.response,failure:e}));return f(t.answer,r),f(t.failure,r),t},{accessToken:w}=await i.getToken(p&&{signal:p}),y=await h(w),b=d.pathname
;y.answer&&y.answer.status<300&&i.accepted(w,{endpoint:b});if(!y.answer||!await async function({status:e,data:t}){
const r="string"==typeof t||t instanceof ArrayBuffer||ArrayBuffer.isView(t);return!!(e>=400&&e<=599&&r)&&isTokenRejected(new Response(t,{status:e}))
}(y.answer))return u(y);const m=i.report(w,{endpoint:b});let g;m.catch(()=>{});try{({accessToken:g}=await s(n,p,()=>m))}catch(t){
return y.failure&&t instanceof e&&Object.defineProperty(y.failure,"cause",{value:t}),u(y)}return function(e){const t=e
;return["getReader","pipe",Symbol.asyncIterator].some(e=>"function"==typeof t?.[e])}(r.data)?u(y):u(await h(g))}(o,r,h,a)})),o}var c=[e=>e]
;function u({answer:e,failure:t}){if(t||!e)throw t;return e}function f(e,t){e?.config&&(e.config=t,e.request&&Object.defineProperty(e,"request",{
value:e.request,enumerable:!1}))}function l(e){return Object.fromEntries(Object.entries(e??{}).filter(([e])=>"authorization"!==e.toLowerCase()))}
export{withDaraja};