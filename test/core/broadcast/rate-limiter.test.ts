import { describe, expect, it } from "vitest";
import { RateLimiter } from "../../../core/broadcast/rate-limiter.ts";
import { NOON } from "../../support/updates.ts";

describe("The rate limiter", () => {
  it("SES-13 The rate limiter allows each viewer 60 messages in 10 s.", () => {
    const rateLimiter = new RateLimiter();
    const verdicts = Array.from({ length: 61 }, (_, index) => rateLimiter.countMessage("v", NOON + index * 100));
    expect(verdicts.indexOf("too many")).toBe(60);
    expect(rateLimiter.countMessage("w", NOON + 6_100)).toBe("fine");
  });

  it("SES-13 The rate limiter counts from zero again after 10 s.", () => {
    const rateLimiter = new RateLimiter();
    for (let index = 0; index < 60; index += 1) rateLimiter.countMessage("v", NOON);
    expect(rateLimiter.countMessage("v", NOON + 10_000)).toBe("fine");
  });

  it("SES-13 The rate limiter refuses a flood in each of the following 10 s too.", () => {
    const rateLimiter = new RateLimiter();
    const floods = Array.from({ length: 3 }, (_, window) =>
      Array.from({ length: 70 }, (_, index) => rateLimiter.countMessage("v", NOON + window * 10_000 + index)),
    );
    expect(floods.map((verdicts) => verdicts.indexOf("too many"))).toEqual([60, 60, 60]);
  });

  it("SES-12 The rate limiter tolerates a violation of a viewer that it does not know.", () => {
    expect(new RateLimiter().countViolation("v")).toBe("tolerated");
  });

  it("SES-12 The rate limiter reports the tenth violation, and deletes those of a viewer that left.", () => {
    const rateLimiter = new RateLimiter();
    const verdicts = Array.from({ length: 10 }, (_, index) => {
      rateLimiter.countMessage("v", NOON + index * 60_000);
      return rateLimiter.countViolation("v");
    });
    expect(verdicts.indexOf("enough")).toBe(9);
    rateLimiter.forgetViewer("v");
    rateLimiter.countMessage("v", NOON);
    expect(rateLimiter.countViolation("v")).toBe("tolerated");
  });

  it("SES-13 The rate limiter counts from zero when the clock is set back, so sixty messages in an hour are allowed.", () => {
    const rateLimiter = new RateLimiter();
    rateLimiter.countMessage("a", 3_600_000);
    for (let minute = 0; minute < 60; minute += 1) expect(rateLimiter.countMessage("a", minute * 60_000)).toBe("fine");
  });
});
