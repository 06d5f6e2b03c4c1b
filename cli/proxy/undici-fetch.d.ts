// The part of undici that Node itself is built with; the package declares types for the whole only.
declare module 'undici/index-fetch.js' {
  export { EnvHttpProxyAgent, fetch } from 'undici';
}
