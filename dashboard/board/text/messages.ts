import type { Plural } from "./catalogue.ts";
import type { en } from "./en.ts";
import type { panelsEn } from "./panels-en.ts";
import type { signInEn } from "./sign-in-en.ts";
import type { toolsEn } from "./tools-en.ts";
import type { wallboardEn } from "./wallboard-en.ts";

type English = typeof en & typeof panelsEn & typeof signInEn & typeof toolsEn & typeof wallboardEn;

/** The texts of a language. A language with a missing key, or with a key that English does not have, does not compile. */
export type Messages = { readonly [Key in keyof English]: English[Key] extends string ? string : Plural };
export type MessageKey = keyof Messages;
export type TextKey = { [Key in MessageKey]: Messages[Key] extends string ? Key : never }[MessageKey];
export type PluralKey = Exclude<MessageKey, TextKey>;
