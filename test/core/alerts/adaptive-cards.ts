// The test of the Teams body bundles this file, because the package has imports without file endings, which Node does not resolve.
// biome-ignore lint/performance/noBarrelFile: it is the entry of a bundle with one package in it.
export { AdaptiveCard, SerializationContext, Versions } from "adaptivecards";
