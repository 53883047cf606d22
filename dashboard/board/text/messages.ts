import type { Plural } from "./catalogue.ts";
import type { en } from "./en.ts";

/** The texts of a language. A language with a missing key, or with a key that English does not have, does not compile. */
export type Messages = { readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : Plural };
export type MessageKey = keyof Messages;
export type TextKey = { [Key in MessageKey]: Messages[Key] extends string ? Key : never }[MessageKey];
export type PluralKey = Exclude<MessageKey, TextKey>;
