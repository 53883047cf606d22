import { describe, expect, test } from "vitest";
import { addressProblem } from "../../../worker/alerts/receiver-address.ts";

const PRIVATE = "leads to this machine or into a private network";

describe("The address of a receiver", () => {
  test("TGT-2 An https address of a public host is allowed, also one with a port, a public IP address or many characters.", () => {
    for (const url of [
      "https://hooks.slack.com/services/T0/B0/xyz",
      "https://prod-12.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke?api-version=2016-06-01&sig=x",
      "https://example.com:8443/alerts",
      "https://1.1.1.1/x",
      "https://[2606:4700:4700::1111]/x",
      "https://xn--mxico-bsa.example/",
      "https://internal.example.com/",
    ]) {
      expect(addressProblem(url, false), url).toBeNull();
    }
  });

  test("TGT-2 Every spelling of this machine, of a private network and of a metadata service is refused.", () => {
    for (const host of [
      "localhost",
      "LOCALHOST",
      "localhost.",
      "api.localhost",
      "printer",
      "hub.local",
      "metadata.google.internal",
      "metadata.google.internal.",
      "db.corp",
      "router.home.arpa",
      "127.0.0.1",
      "127.1",
      "2130706433",
      "0x7f000001",
      "0177.0.0.1",
      "0x7f.0.0.1",
      "%31%32%37.0.0.1",
      "１２７.0.0.1",
      "127.0.0.1.",
      "0.0.0.0",
      "0",
      "10.1.2.3",
      "100.64.0.1",
      "100.127.255.255",
      "169.254.169.254",
      "169.254.170.2",
      "2852039166",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.1.1",
      "192.0.2.7",
      "198.19.0.1",
      "224.0.0.1",
      "255.255.255.255",
      "[::1]",
      "[::]",
      "[::ffff:127.0.0.1]",
      "[::ffff:a9fe:a9fe]",
      "[::127.0.0.1]",
      "[64:ff9b::10.0.0.1]",
      "[fe80::1]",
      "[fd00:ec2::254]",
      "[fc00::1]",
      "[ff02::1]",
      "[2001:db8::1]",
      "[2001::1]",
      "[2002:7f00:1::]",
      "[3fff::1]",
    ]) {
      expect(addressProblem(`https://${host}/hook`, false), host).toBe(PRIVATE);
    }
  });

  test("TGT-2 The neighbours of private blocks are public.", () => {
    for (const host of [
      "9.255.255.255",
      "11.0.0.1",
      "100.63.255.255",
      "100.128.0.1",
      "172.15.0.1",
      "172.32.0.1",
      "192.169.0.1",
      "223.255.255.255",
    ]) {
      expect(addressProblem(`https://${host}/`, false), host).toBeNull();
    }
  });

  test("TGT-2 Other schemes, names of users and what is no address are refused with their own reason.", () => {
    expect(addressProblem("http://example.com/", false)).toBe("is not an https address");
    expect(addressProblem("ftp://example.com/", false)).toBe("is not an https address");
    expect(addressProblem("https://user:pass@example.com/", false)).toContain("a user or a password");
    expect(addressProblem("example.com/hook", false)).toContain("is not a web address");
    expect(addressProblem(`https://example.com/${"x".repeat(2_000)}`, false)).toContain("is not a web address");
  });

  test("TGT-2 Only local mode allows http, and only to this machine.", () => {
    expect(addressProblem("http://127.0.0.1:9000/", true)).toBeNull();
    expect(addressProblem("http://localhost:9000/", true)).toBeNull();
    expect(addressProblem("http://127.0.0.1:9000/", false)).toBe("is not an https address");
    expect(addressProblem("http://example.com/", true)).toBe("is not an https address");
    expect(addressProblem("https://10.0.0.1/", true)).toBe(PRIVATE);
    expect(addressProblem("http://169.254.169.254/", true)).toBe("is not an https address");
  });
});
