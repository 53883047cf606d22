"use client";
// biome-ignore lint/performance/noBarrelFile: embedders import only this address, `vigia/board`
export { AgentBoard, type AgentBoardProps } from "../board/AgentBoard.tsx";
export { type Locale, loadWords } from "../board/text/text.ts";
