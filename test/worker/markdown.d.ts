/** Vite gives a test the text of a page. */
declare module "*.md?raw" {
  const text: string;
  export default text;
}
