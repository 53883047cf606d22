import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { COLOURS, violations } from "./axe-violations.ts";
import { anotherTab, CENTER, seesBoard, setSignInStand, signInAtIssuer } from "./sign-in-stage.ts";

const stand = setSignInStand();

describe("Signing in on the page", () => {
  it("SGN-1 A first visitor is asked to sign in, does it at the issuer, and sees the board at the address that they opened.", async () => {
    const page = await stand.visit(`?lang=en&instance=${CENTER}&q=bea&tv=0&agent=bea`);
    await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
    expect(await page.locator("main").textContent()).not.toMatch(/again/i);
    await page.getByRole("button", { name: "Sign in" }).click();
    await signInAtIssuer(page, "ana");
    await seesBoard(page);
    const { search } = new URL(page.url());
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
      lang: "en",
      instance: CENTER,
      q: "bea",
      tv: "0",
      agent: "bea",
    });
  });

  it("SGN-2 A reload and another tab show the board again, and nobody is asked anything.", async () => {
    const page = await stand.visitAs("ana");
    await page.reload();
    await seesBoard(page);
    const second = await anotherTab(page.context(), `${stand.hub.url}/?lang=en&instance=${CENTER}&q=bea`);
    await seesBoard(second);
    expect(new URL(second.url()).searchParams.get("q")).toBe("bea");
    await seesBoard(page);
  });

  it("SGN-3 No token is in the storage of the browser or in the address.", async () => {
    const page = await stand.visitAs("ana");
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
    expect(kept).not.toMatch(/eyJ|refresh|code=/);
  });

  it("SGN-4 The session goes on by a refresh token before it ends, without another page.", async () => {
    const page = await stand.visit(undefined, {});
    await page.clock.install();
    await page.getByRole("button", { name: "Sign in" }).click();
    await signInAtIssuer(page, "ana");
    await seesBoard(page);
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    const renewed = page.waitForResponse((answer) => answer.url().endsWith("/token"));
    const ticket = page.waitForResponse((answer) => answer.url().endsWith("/tickets"));
    // The ID tokens of this issuer last 600 s, and so does the session.
    await page.clock.fastForward(500_000);
    expect((await renewed).request().postData()).toContain("grant_type=refresh_token");
    expect((await ticket).status()).toBe(200);
    await seesBoard(page);
    expect(await page.evaluate(() => Reflect.get(window, "notReloaded"))).toBe(true);
  });

  it("SGN-5 When the issuer refuses the refresh token, the page asks the issuer, then the person, and keeps its address.", async () => {
    const page = await stand.visit(`?lang=en&instance=${CENTER}&q=bea`);
    await page.clock.install();
    const first = page.waitForResponse((answer) => answer.url().endsWith("/token"));
    await page.getByRole("button", { name: "Sign in" }).click();
    await signInAtIssuer(page, "ana");
    await seesBoard(page);
    // Used elsewhere, a rotating refresh token is refused the next time.
    const { refresh_token: used } = v.parse(v.object({ refresh_token: v.string() }), await (await first).json());
    const form = { grant_type: "refresh_token", client_id: "page", refresh_token: used };
    const stolen = await fetch(`${stand.issuer.url}/token`, { method: "POST", body: new URLSearchParams(form) });
    expect(stolen.status).toBe(200);
    const refused = page.waitForResponse((answer) => answer.url().endsWith("/token"));
    await page.clock.fastForward(500_000);
    expect((await refused).status()).toBe(400);
    // The issuer took the consent back with the token, so now it needs the person.
    await page.getByRole("heading", { name: "Your session has ended" }).waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("bea");
    await page.getByRole("button", { name: "Sign in again" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await seesBoard(page);
    expect(new URL(page.url()).searchParams.get("q")).toBe("bea");
  });

  it("SGN-6 After a sign-out no tab shows the board, and nobody is signed in again without asking.", async () => {
    const page = await stand.visitAs("ana", `?lang=en&instance=${CENTER}&q=bea`);
    const second = await anotherTab(page.context(), `${stand.hub.url}/?lang=en&instance=${CENTER}`);
    await seesBoard(second);
    await page.getByRole("button", { name: "Menu", exact: true }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await second.getByRole("heading", { name: "You are signed out" }).waitFor();
    expect(await second.getByText("Bea Luna").count()).toBe(0);
    await page.getByRole("button", { name: "Yes, sign me out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("bea");
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).click();
    await signInAtIssuer(page, "ana");
    await seesBoard(page);
    expect(new URL(page.url()).searchParams.get("q")).toBe("bea");
  });

  it("SGN-15 Two people who share a browser have each their own teams and settings.", async () => {
    const page = await stand.visitAs("ana");
    const teams = () => page.getByRole("banner").getByRole("button", { name: /^(All|My) teams/ });
    await teams().click();
    await page.getByRole("checkbox", { name: "Ventas" }).check();
    await page.waitForURL(/team=Ventas/);
    for (const [login, words] of [
      ["eva", "All teams"],
      ["ana", "My teams: Ventas"],
    ] as const) {
      await page.getByRole("button", { name: "Menu", exact: true }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Yes, sign me out" }).click();
      await page.getByRole("button", { name: "Sign in" }).click();
      await signInAtIssuer(page, login);
      await seesBoard(page);
      expect(await teams().textContent()).toBe(words);
    }
  });

  it.each([
    ["nadia", "No team is assigned to you", "no_groups"],
    ["otto", "Your account is in too many groups", "groups_overage"],
    ["uli", "You may not see this contact center", "not_allowed"],
  ])("SGN-7 A page says to %s why the hub refuses: %s.", async (login, heading, code) => {
    const page = await stand.visit();
    await page.getByRole("button", { name: "Sign in" }).click();
    await signInAtIssuer(page, login);
    await page.getByRole("heading", { name: heading }).waitFor();
    const words = await page.locator("main").textContent();
    expect(words).toContain(code);
    expect(words).toContain(`signed in as ${login}`);
    // The reader can be somebody else, although the issuer still knows who they are.
    await page.getByRole("button", { name: "Sign in as somebody else" }).click();
    await signInAtIssuer(page, "ana");
    await seesBoard(page);
  });

  it("SGN-8 An address with an unknown contact center says so and asks nobody to sign in.", async () => {
    const page = await stand.visit("?lang=en&instance=made-up");
    await page.getByRole("heading", { name: "This contact center does not exist here" }).waitFor();
    expect(await page.getByRole("button", { name: /sign in/i }).count()).toBe(0);
    expect(new URL(page.url()).host).toBe(new URL(stand.hub.url).host);
  });

  it("SGN-9 Answers that nobody asked for sign nobody in and leave the address.", async () => {
    const page = await stand.visit(`?lang=en&instance=${CENTER}&code=forged&state=forged`);
    await page.getByRole("heading", { name: "The sign-in did not work" }).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ lang: "en", instance: CENTER });
    await page.goto(`${stand.hub.url}/?lang=en&instance=${CENTER}&error=server_error&error_description=Call+555&state=forged`);
    await page.getByRole("heading", { name: "The sign-in did not work" }).waitFor();
    expect(await page.locator("main").textContent()).not.toContain("555");
    expect(await page.getByText("Bea Luna").count()).toBe(0);
  });

  it("SGN-9 An answer with a forged state ends as a page, and a new try signs in.", async () => {
    const page = await stand.visit();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.route(/\/auth\?/, (route) =>
      route.fulfill({ status: 302, headers: { location: `${stand.hub.url}/?code=stolen&state=forged` } }),
    );
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "The sign-in did not work" }).waitFor();
    await page.unroute(/\/auth\?/);
    await page.getByRole("button", { name: "Sign in" }).click();
    await signInAtIssuer(page, "ana");
    await seesBoard(page);
  });

  it("SGN-10 While the issuer is away, the page says so, keeps its address, and signs in by itself afterwards.", async () => {
    const page = await stand.visitAs("ana", `?lang=en&instance=${CENTER}&q=bea`);
    await stand.issuer.stop();
    try {
      await page.reload();
      await page.getByRole("heading", { name: "The sign-in service does not answer" }).waitFor();
      expect(new URL(page.url()).searchParams.get("q")).toBe("bea");
    } finally {
      await stand.issuer.resume();
    }
    await seesBoard(page);
  });

  it.each(["en", "es-MX"])(
    "SGN-7 The pages of the sign-in in %s have no violation of WCAG, on a phone and in the dark.",
    async (lang) => {
      const page = await stand.visit(`?lang=${lang}&instance=${CENTER}&state=x&error=x`, {
        viewport: { width: 320, height: 640 },
      });
      for (const query of ["&state=x&error=access_denied", "", "-unknown"]) {
        await page.goto(`${stand.hub.url}/?lang=${lang}&instance=${CENTER}${query}`);
        await page.locator(".vg-signin[aria-busy=false] h1").waitFor();
        expect(await violations(page), query).toEqual([]);
        await page.emulateMedia({ colorScheme: "dark" });
        expect(await violations(page, COLOURS), query).toEqual([]);
        await page.emulateMedia({ colorScheme: "light" });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      }
    },
  );
});
