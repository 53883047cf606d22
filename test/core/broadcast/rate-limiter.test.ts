import { describe, expect, it } from "vitest";
import { Conduct } from "../../../core/broadcast/rate-limiter.ts";
import { NOON } from "../../support/updates.ts";

describe("conduct of viewers", () => {
  it("SES-13 more than 60 messages in 10 s are too many, of each viewer by itself", () => {
    const conduct = new Conduct();
    const verdicts = Array.from({ length: 61 }, (_, index) => conduct.message("v", NOON + index * 100));
    expect(verdicts.indexOf("too many")).toBe(60);
    expect(conduct.message("w", NOON + 6_100)).toBe("fine");
  });

  it("SES-13 after 10 s they count anew", () => {
    const conduct = new Conduct();
    for (let index = 0; index < 60; index += 1) conduct.message("v", NOON);
    expect(conduct.message("v", NOON + 10_000)).toBe("fine");
  });

  it("SES-12 the tenth message that makes no sense is enough", () => {
    const conduct = new Conduct();
    const verdicts = Array.from({ length: 10 }, (_, index) => {
      conduct.message("v", NOON + index * 60_000);
      return conduct.offence("v");
    });
    expect(verdicts.indexOf("enough")).toBe(9);
    conduct.forget("v");
    conduct.message("v", NOON);
    expect(conduct.offence("v")).toBe("tolerated");
  });

  it("SES-13 counts anew when the clock was set back: sixty messages in an hour are no flood", () => {
    const conduct = new Conduct();
    conduct.message("a", 3_600_000);
    for (let minute = 0; minute < 60; minute += 1) expect(conduct.message("a", minute * 60_000)).toBe("fine");
  });
});
