import { expect, it } from "vitest";
import { CENTER, seesBoard, setSignInStand, signInAtIssuer } from "./sign-in-stage.ts";

const stand = setSignInStand({ AUTH_TOKEN_RELAY: "true" });

it("SGN-14 With the relay the page signs in and renews through the hub, and asks the issuer's token endpoint itself for nothing.", async () => {
  const page = await stand.visit(`?lang=es-MX&instance=${CENTER}`);
  await page.clock.install();
  const posts: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("token")) posts.push(new URL(request.url()).pathname);
  });
  await page.getByRole("button", { name: "Iniciar sesión" }).click();
  await signInAtIssuer(page, "ana");
  await seesBoard(page);
  const renewed = page.waitForResponse((answer) => answer.url().endsWith("/v1/signin/token"));
  await page.clock.fastForward(500_000);
  expect((await renewed).status()).toBe(200);
  await seesBoard(page);
  expect(new Set(posts)).toEqual(new Set(["/v1/signin/token"]));
});
