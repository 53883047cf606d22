import { en } from "../../dashboard/board/text/en.ts";
import { esMX } from "../../dashboard/board/text/es-mx.ts";
import { panelsEn } from "../../dashboard/board/text/panels-en.ts";
import { panelsEsMX } from "../../dashboard/board/text/panels-es-mx.ts";
import { signInEn } from "../../dashboard/board/text/sign-in-en.ts";
import { signInEsMX } from "../../dashboard/board/text/sign-in-es-mx.ts";
import { toolsEn } from "../../dashboard/board/text/tools-en.ts";
import { toolsEsMX } from "../../dashboard/board/text/tools-es-mx.ts";
import { wallboardEn } from "../../dashboard/board/text/wallboard-en.ts";
import { wallboardEsMX } from "../../dashboard/board/text/wallboard-es-mx.ts";

/** The English words by the group in which they reach the page. */
export const ENGLISH_GROUPS = { first: en, panels: panelsEn, tools: toolsEn, wallboard: wallboardEn, signIn: signInEn };
export const ENGLISH = { ...en, ...panelsEn, ...toolsEn, ...wallboardEn, ...signInEn };
export const SPANISH = { ...esMX, ...panelsEsMX, ...toolsEsMX, ...wallboardEsMX, ...signInEsMX };
